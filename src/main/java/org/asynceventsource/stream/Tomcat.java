package org.asynceventsource.stream;

import jakarta.servlet.ServletContext;

/** What has to be done differently in Tomcat, because the Servlet API can't tell. */
final class Tomcat {

  private static final String PROCESSOR = "org.apache.coyote.AbstractProcessorLight";
  private static final String PROCESS = "process";
  private static final String NEW_REQUEST = "service";

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
}
