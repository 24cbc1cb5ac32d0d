package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.asynceventsource.spi.WarnOnce;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a stream of events: count, first and last id, below what went wrong if something
 * did; as lines, or as JSON for clients that prefer it.
 */
final class StreamedAnswer {

  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";

  private final HttpServletResponse response;
  private final boolean json;
  private final WarnOnce warnings;

  private StreamedAnswer(HttpServletResponse response, boolean json, WarnOnce warnings) {
    this.response = response;
    this.json = json;
    this.warnings = warnings;
  }

  static StreamedAnswer to(
      HttpServletRequest request, HttpServletResponse response, WarnOnce warnings) {
    return new StreamedAnswer(response, Negotiation.of(request).prefers(JSON, TEXT), warnings);
  }

  /**
   * Writes the answer, which fits into any buffer.
   *
   * @param refusal why there are no more events, or {@code null} if these are all
   */
  void send(Tally published, @Nullable Refusal refusal) throws IOException {
    if (refusal == null) {
      response.setStatus(HttpServletResponse.SC_OK);
      write(published, null);
    } else {
      refusal.log(warnings);
      refusal.writeHead(response);
      write(published, refusal.message());
    }
  }

  private void write(Tally published, @Nullable String error) throws IOException {
    response.setHeader("Vary", "Accept");
    if (json) {
      PlainAnswer.write(response, JSON, published.json(error));
    } else {
      String text = error == null ? published.text() : error + '\n' + published.text();
      PlainAnswer.write(response, "text/plain;charset=UTF-8", text);
    }
  }
}
