package org.asynceventsource.stream;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.asynceventsource.wire.Frame;

/** How a response becomes a stream: its head, and what each container needs until it is sent. */
public final class StreamHead {

  private StreamHead() {}

  /**
   * Sets status and headers of a stream.
   *
   * @param response the response, uncommitted
   */
  public static void write(HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream");
    response.setHeader("Cache-Control", "no-store, no-transform");
    response.setHeader("X-Accel-Buffering", "no");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.addHeader("Vary", "Accept");
  }

  /**
   * Puts a head that is written, and the first bytes behind it, on the wire.
   *
   * @param fanOut the thread that will write the rest
   * @return where the rest is to be written
   * @throws IOException if the client has gone already
   */
  static ServletOutputStream send(
      HttpServletRequest request, HttpServletResponse response, Frame first, FanOut fanOut)
      throws IOException {
    ServletContext context = request.getServletContext();
    Undertow.writeThrough(context, response);
    Grizzly.limit(response);
    ServletOutputStream out = Jetty.writeThrough(response.getOutputStream());
    out = Liberty.writeThrough(request, out, fanOut.watch());
    out = Grizzly.heedCancel(response, out);
    first.writeTo(out);
    if (!Jetty.isWrittenThrough(out)) {
      response.flushBuffer(); // nothing else puts status and headers on the wire everywhere
      Liberty.flushAgain(context, response);
    }
    return out;
  }
}
