package org.asynceventsource.stream;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** What has to be done differently in Tomcat, because the Servlet API can't tell. */
final class Tomcat {

  private static final String PROCESSOR = "org.apache.coyote.AbstractProcessorLight";
  private static final String PROCESS = "process";
  private static final String NEW_REQUEST = "service";
  private static final String BASE_PROCESSOR = "org.apache.coyote.AbstractProcessor";
  private static final String COYOTE = "org.apache.coyote.";
  private static final String ACTIONS = COYOTE + "ActionCode";

  private Tomcat() {}

  /** Whether an application runs there, and not where Catalina stands on {@link Grizzly}. */
  static boolean runs(ServletContext context) {
    return isTomcats(context.getClass());
  }

  static boolean isTomcats(Class<?> type) {
    if (!type.getName().startsWith("org.apache.catalina.")) {
      return false;
    }
    try {
      Class.forName(ACTIONS, false, type.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Whether writing to a client may block the thread that does it.
   *
   * <p>On HTTP/2 Tomcat heeds the client's windows without blocking, but waits if the connection
   * itself takes no more: for its {@code writeTimeout}, 5 s, and then closes it (10.1.59 to
   * 11.0.24, {@code Http2AsyncUpgradeHandler.writeBody}). Four such connections held up all other
   * clients for 15 s.
   */
  static boolean mayBlock(HttpServletRequest request) {
    return request.getProtocol().startsWith("HTTP/2");
  }

  /**
   * Whether a thread may still be on its way out of a call of {@code onWritePossible}.
   *
   * <p>After that call Tomcat asks whether the response has failed, and if so recycles it, tells no
   * listener and has the next client's request served with the same objects. A write of ours that
   * fails in between leaves its exception in those: a healthy new client was cut off, once in some
   * 500 clients reset just after they had come (10.1 to 11.0.27, {@code
   * CoyoteAdapter.asyncDispatch}). So nothing is written until the thread is through. A thread that
   * waits has no task; for any other its stack tells, in some 20 µs.
   */
  static boolean isWithinCall(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, TERMINATED -> false;
      default -> isProcessing(thread.getStackTrace());
    };
  }

  private static boolean isProcessing(StackTraceElement[] stack) {
    String next = ""; // what the frame has called
    for (StackTraceElement frame : stack) {
      if (frame.getMethodName().equals(PROCESS) && frame.getClassName().equals(PROCESSOR)) {
        return !next.equals(NEW_REQUEST);
      }
      next = frame.getMethodName();
    }
    return false;
  }

  /**
   * Breaks the connection of a response that its client doesn't take, or resets its stream of
   * HTTP/2; to be called by a thread of Tomcat's that deals with the request.
   *
   * <p>Whatever else ends such a response, Tomcat first flushes what it holds of it; if the system
   * takes nothing more, that blocks one of its threads until the client reads on or {@code
   * connectionTimeout} is over. 200 clients that stop reading would take all of its threads (10.1
   * to 11.0.27, {@code ErrorReportValve}).
   *
   * @return whether it could be done
   */
  static boolean abort(ServletResponse response) {
    try {
      Object coyote = coyote(response);
      if (coyote == null) {
        return false;
      }
      Class<?> codes = Class.forName(ACTIONS, true, coyote.getClass().getClassLoader());
      coyote
          .getClass()
          .getMethod("action", codes, Object.class)
          .invoke(coyote, codes.getField("CLOSE_NOW").get(null), new IOException("given up"));
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.WARN.warn(
          "abort",
          "this Tomcat lets no connection be broken, and a thread waits for its client",
          e);
      return false;
    }
  }

  /**
   * Does something to a response while no thread of Tomcat's deals with it.
   *
   * <p>Such a thread looks whether there is a write listener, then asks its state machine for a
   * turn ({@code AbstractProcessor.dispatch}), all under the socket's lock. A dispatch of ours in
   * between made it throw an IllegalStateException, 4 times in 100,000 clients that were given up
   * just as they were reset. The lock is only tried: whoever holds it may be waiting for our fence.
   *
   * @return whether it was done
   */
  static boolean exclusively(ServletResponse response, Runnable action) {
    Lock lock = lock(response);
    if (lock == null) {
      action.run();
      return true;
    }
    if (!lock.tryLock()) {
      return false;
    }
    try {
      action.run();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The lock of a response's socket, or {@code null} if it isn't Tomcat's or has none any more. */
  private static @Nullable Lock lock(ServletResponse response) {
    try {
      Object coyote = coyote(response);
      Object processor = coyote == null ? null : field(coyote, "hook");
      if (processor == null) {
        return null;
      }
      Class<?> base = Class.forName(BASE_PROCESSOR, true, processor.getClass().getClassLoader());
      Method getter = base.getDeclaredMethod("getSocketWrapper");
      getter.setAccessible(true);
      Object socket = getter.invoke(processor);
      return socket == null
          ? null
          : (Lock) getter.getReturnType().getMethod("getLock").invoke(socket);
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.LOGGER.log(Level.DEBUG, "this Tomcat shows no lock of its sockets", e);
      return null;
    }
  }

  /** What stands behind a response of Tomcat's; {@code null} for any other. */
  private static @Nullable Object coyote(ServletResponse response)
      throws ReflectiveOperationException {
    Object coyote = Catalina.coyote(response);
    return coyote != null && coyote.getClass().getName().startsWith(COYOTE) ? coyote : null;
  }

  private static @Nullable Object field(Object of, String name)
      throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
