package org.asynceventsource.security;

import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Who is told, in one web application, that a user has logged out: first each mechanism that has
 * handed out nonces, so that old answers no longer do, then whoever holds streams open. Any thread.
 */
public final class LogOutListeners {

  private static final String ATTRIBUTE = LogOutListeners.class.getName();

  private final List<LogOuts> mechanisms = new CopyOnWriteArrayList<>();
  private final List<Consumer<? super Optional<String>>> listeners = new CopyOnWriteArrayList<>();

  private LogOutListeners() {}

  /**
   * Those of a web application.
   *
   * @param application the application
   * @return the same object each time
   */
  public static LogOutListeners of(ServletContext application) {
    synchronized (LogOutListeners.class) {
      if (application.getAttribute(ATTRIBUTE) instanceof LogOutListeners known) {
        return known;
      }
      LogOutListeners made = new LogOutListeners();
      application.setAttribute(ATTRIBUTE, made);
      return made;
    }
  }

  void add(LogOuts mechanism) {
    mechanisms.add(mechanism);
  }

  /**
   * Adds a listener.
   *
   * @param listener gets the name of the user; empty if everybody has to log in anew
   */
  public void add(Consumer<? super Optional<String>> listener) {
    listeners.add(listener);
  }

  /**
   * Somebody has logged out now, wherever they were logged in.
   *
   * @param user the name of the user; empty if everybody has to log in anew
   */
  public void loggedOut(Optional<String> user) {
    mechanisms.forEach(mechanism -> mechanism.add(user));
    listeners.forEach(listener -> listener.accept(user));
  }
}
