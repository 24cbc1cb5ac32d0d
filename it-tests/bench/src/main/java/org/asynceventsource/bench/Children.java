package org.asynceventsource.bench;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The processes that the benchmark started; none outlives it, not even if it is interrupted. */
final class Children {

  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

  static {
    Thread end = new Thread(() -> STARTED.forEach(Process::destroyForcibly), "end of children");
    Runtime.getRuntime().addShutdownHook(end);
  }

  private Children() {}

  static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    STARTED.add(process); // for good; ending one that has ended does nothing
    return process;
  }
}
