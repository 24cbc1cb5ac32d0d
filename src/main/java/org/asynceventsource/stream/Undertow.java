package org.asynceventsource.stream;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletResponse;

/**
 * What has to be done differently in Undertow, by itself or in WildFly, because the Servlet API
 * can't tell.
 */
final class Undertow {

  private static final int NO_BUFFER = 1; // 0 is taken for the default

  private Undertow() {}

  /** Whether an application runs there. */
  static boolean runs(ServletContext context) {
    return context.getClass().getName().startsWith("io.undertow.");
  }

  /**
   * Lets every write pass the response's buffer by.
   *
   * <p>A flush of that buffer that meets a full socket leaves the rest there, reports nothing and
   * calls nobody back: the client would get up to 16 KB with the next event or heartbeat only. A
   * write that doesn't fit in the buffer makes {@code isReady()} false and is finished when the
   * client reads on. It also spares each idle client those 16 KB.
   */
  static void writeThrough(ServletContext context, ServletResponse response) {
    if (runs(context)) {
      response.setBufferSize(NO_BUFFER);
    }
  }
}
