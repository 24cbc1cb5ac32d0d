package org.asynceventsource.stream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a client that is to come back later: a stream with nothing but a reconnect time and
 * its end, since any other answer closes an EventSource for good.
 *
 * <p>It repeats the client's last event ID. A client that takes the specification at its word
 * forgets it at the first empty line of a stream that has brought none (WHATWG HTML §9.2.6).
 */
public final class SendingAway {

  private static final String REASON = "come back later";

  private SendingAway() {}

  /**
   * Whether a request is an EventSource's, and not one to be answered by a status. It is if it
   * names the type: what takes anything is more likely a program than a browser.
   *
   * @param request the request
   * @return whether to send it away
   */
  public static boolean suits(HttpServletRequest request) {
    return request.getMethod().equals("GET")
        && Collections.list(request.getHeaders("Accept")).stream()
            .anyMatch(field -> field.toLowerCase(Locale.ROOT).contains("text/event-stream"));
  }

  /**
   * Answers a request.
   *
   * @param response the response, uncommitted
   * @param lastId what the client has presented, or {@code null}
   * @param shortest the client comes back no sooner
   * @param longest the client comes back no later; each at a time of its own
   * @throws IOException if the client has gone already
   */
  public static void answer(
      HttpServletResponse response, @Nullable String lastId, Duration shortest, Duration longest)
      throws IOException {
    StreamHead.write(response);
    write(response, lastId, shortest, longest);
  }

  /**
   * Answers a request.
   *
   * @param request the request, whose last event ID the client keeps
   * @param response its response, uncommitted
   * @param shortest the client comes back no sooner
   * @param longest the client comes back no later; each at a time of its own
   * @throws IOException if the client has gone already
   */
  public static void answer(
      HttpServletRequest request, HttpServletResponse response, Duration shortest, Duration longest)
      throws IOException {
    answer(response, lastEventId(request), shortest, longest);
  }

  private static @Nullable String lastEventId(HttpServletRequest request) {
    try {
      return LastEventId.of(request);
    } catch (IllegalArgumentException undecodable) { // a query, in Open Liberty
      return null;
    }
  }

  /** Answers a request whose head is written already. */
  static void write(
      HttpServletResponse response, @Nullable String lastId, Duration shortest, Duration longest)
      throws IOException {
    long retry = ThreadLocalRandom.current().nextLong(shortest.toMillis(), longest.toMillis() + 1);
    frame(retry, lastId).writeTo(response.getOutputStream());
  }

  private static Frame frame(long retry, @Nullable String lastId) {
    try {
      return lastId == null
          ? Encoder.retry(retry)
          : Encoder.opening(REASON, retry, Encoder.id(lastId));
    } catch (InvalidEventException notAnId) {
      return Encoder.retry(retry); // no event had it
    }
  }
}
