package org.asynceventsource.stream;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import java.io.IOException;
import java.lang.reflect.Field;

/** What has to be done differently in Tomcat, because the Servlet API can't tell. */
final class Tomcat {

  private static final String PROCESSOR = "org.apache.coyote.AbstractProcessorLight";
  private static final String PROCESS = "process";
  private static final String NEW_REQUEST = "service";
  private static final String FACADE = "org.apache.catalina.connector.ResponseFacade";
  private static final String ACTIONS = "org.apache.coyote.ActionCode";

  private Tomcat() {}

  /** Whether an application runs there. */
  static boolean runs(ServletContext context) {
    return context.getClass().getName().startsWith("org.apache.catalina.");
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
    ServletResponse facade = response;
    while (facade instanceof ServletResponseWrapper wrapper) {
      facade = wrapper.getResponse();
    }
    if (!facade.getClass().getName().equals(FACADE)) {
      return false;
    }
    try {
      Field field = facade.getClass().getDeclaredField("response");
      field.setAccessible(true);
      Object catalina = field.get(facade);
      Object coyote = catalina.getClass().getMethod("getCoyoteResponse").invoke(catalina);
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
    }
    return false;
  }
}
