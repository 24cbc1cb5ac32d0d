package org.asynceventsource.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/** Runs the library's command {@code hash}, which needs its jar out of the WAR and nothing else. */
final class HashWord {

  private static final String LIBRARY = "async-event-source-";
  private static final String COMMAND = "org.asynceventsource.security.HashCommand";

  private HashWord() {}

  /**
   * Runs the command.
   *
   * @param war the WAR with the library
   * @param arguments what follows the word {@code hash}
   * @return the exit status
   * @throws IOException if files can't be read or written
   * @throws ReflectiveOperationException if the WAR is not complete
   */
  static int run(WarFile war, List<String> arguments)
      throws IOException, ReflectiveOperationException {
    try (WorkDirectory directory = WorkDirectory.create();
        URLClassLoader library =
            new URLClassLoader(
                war.copyJars("WEB-INF/lib/", name -> name.startsWith(LIBRARY), directory.path())
                    .toArray(URL[]::new))) {
      return (int)
          library
              .loadClass(COMMAND)
              .getMethod("run", List.class, InputStream.class, PrintStream.class, PrintStream.class)
              .invoke(null, arguments, System.in, System.out, System.err);
    }
  }
}
