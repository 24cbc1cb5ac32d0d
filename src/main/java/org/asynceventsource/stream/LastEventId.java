package org.asynceventsource.stream;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a client says it has got last. */
public final class LastEventId {

  static final String HEADER = "Last-Event-ID";

  private static final int LATIN_1_MAX = 0xff;

  private LastEventId() {}

  /**
   * The last event ID: from the header (WHATWG HTML §9.2.4), which browsers send when they
   * reconnect, else from the query, for those that can't set headers.
   *
   * @param request the request
   * @return the ID as the client sent it, or {@code null} if it comes for the first time
   */
  public static @Nullable String of(HttpServletRequest request) {
    String header = request.getHeader(HEADER);
    if (header != null && !header.isEmpty()) {
      return decoded(header);
    }
    // Looked at first, since a container takes its time to find that there are no parameters.
    if (request.getQueryString() == null) {
      return null;
    }
    String parameter = request.getParameter("lastEventId");
    if (parameter == null) {
      parameter = request.getParameter("last_event_id");
    }
    return parameter == null || parameter.isEmpty() ? null : parameter;
  }

  /** The header's bytes as UTF-8; containers hand them out as ISO-8859-1. */
  private static String decoded(String header) {
    if (header.chars().anyMatch(c -> c > LATIN_1_MAX)) {
      return header;
    }
    try {
      byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return header;
    }
  }
}
