package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.asynceventsource.stream.SendingAway;

/**
 * What a login is answered that can't be checked at present: 503 with {@code Retry-After}; to an
 * EventSource, which any such status would close for good, a stream with nothing but a reconnect
 * time.
 */
final class UnavailableAnswer {

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LATER = Duration.ofSeconds(15);

  private UnavailableAnswer() {}

  static void send(HttpServletRequest request, HttpServletResponse response) {
    try {
      if (SendingAway.suits(request)) {
        SendingAway.answer(request, response, SOON, LATER);
        return;
      }
    } catch (IOException gone) {
      return; // the client, so that nobody is left to be told
    }
    response.setHeader("Retry-After", Long.toString(SOON.toSeconds()));
    PlainAnswer.send(
        response,
        HttpServletResponse.SC_SERVICE_UNAVAILABLE,
        "the login can't be checked at present; try again later");
  }
}
