package org.asynceventsource.middleware;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A refusal: a status, and one line of text that says why. */
final class PlainAnswer {

  private PlainAnswer() {}

  static void send(HttpServletResponse response, int status, String reason) throws IOException {
    byte[] body = (reason + '\n').getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("text/plain;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
