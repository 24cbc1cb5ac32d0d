package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A refusal: a status, and one line of text that says why. */
final class PlainAnswer {

  private PlainAnswer() {}

  static void send(HttpServletResponse response, int status, String reason) {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    response.setStatus(status);
    response.setContentType("text/plain;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    try {
      response.getOutputStream().write((reason + '\n').getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The client has gone before its refusal; nobody is left to be told.
      return;
    }
  }
}
