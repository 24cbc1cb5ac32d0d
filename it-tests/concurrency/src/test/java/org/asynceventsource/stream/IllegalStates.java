package org.asynceventsource.stream;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Every {@link IllegalStateException} that anybody logs, at any level, or that ends a thread. */
final class IllegalStates extends Handler implements AutoCloseable {

  private static final Logger OURS = Logger.getLogger("org.asynceventsource");
  private static final Logger ALL = Logger.getLogger("");

  private final List<String> found = new CopyOnWriteArrayList<>();

  private IllegalStates() {}

  static IllegalStates watch() {
    IllegalStates states = new IllegalStates();
    states.setLevel(Level.ALL);
    OURS.setLevel(Level.ALL); // what is caught as expected is logged there in detail
    ALL.addHandler(states);
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> states.add(thrown));
    return states;
  }

  /** Their stack traces. */
  List<String> found() {
    return List.copyOf(found);
  }

  @Override
  public void publish(LogRecord entry) {
    add(entry.getThrown());
  }

  private void add(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalStateException) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        found.add(text.toString());
        return;
      }
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    ALL.removeHandler(this);
    OURS.setLevel(null);
    Thread.setDefaultUncaughtExceptionHandler(null);
  }
}
