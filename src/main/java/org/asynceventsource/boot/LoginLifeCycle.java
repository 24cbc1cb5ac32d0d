package org.asynceventsource.boot;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What behind the login cares that the application has started, and that it stops. For the thread
 * that starts and stops the application.
 */
final class LoginLifeCycle {

  private final List<Consumer<@Nullable Cdi>> starting = new ArrayList<>();
  private final List<AutoCloseable> ending = new ArrayList<>();

  /** Adds what takes CDI, or null if there is none. */
  void atStart(Consumer<@Nullable Cdi> one) {
    starting.add(one);
  }

  /** Adds what is to be closed, such as the fetching of keys. */
  void atEnd(AutoCloseable one) {
    ending.add(one);
  }

  void started(@Nullable Cdi cdi) {
    starting.forEach(one -> one.accept(cdi));
  }

  void end() {
    for (AutoCloseable one : ending) {
      try {
        one.close();
      } catch (Exception e) {
        Log.LOGGER.log(Level.WARNING, "the login didn't stop in order", e);
      }
    }
  }
}
