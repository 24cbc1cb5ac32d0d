package org.asynceventsource.stream;

import java.util.HexFormat;
import java.util.OptionalLong;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;

/**
 * What a client is told of history that it will not get: an event of the event source's own, whose
 * id is where the client goes on from.
 *
 * @param requested what the client asked to go on from
 * @param resumedAt the id that it goes on from
 * @param lost how many events are lost, if that is known
 * @param reason why
 */
record GapNotice(String requested, String resumedAt, OptionalLong lost, String reason) {

  /** The reason when a client was so slow that events are left out for it. */
  static final String SKIPPED = "skipped";

  private static final int MAX_REQUESTED = 128;

  /** The notice as an event with the given name; its data is a JSON object. */
  Frame frame(String eventName) {
    String data =
        "{\"requested\":%s,\"resumedAt\":%s,\"lost\":%s,\"reason\":\"%s\"}"
            .formatted(
                quoted(requested),
                quoted(resumedAt),
                lost.isPresent() ? Long.toString(lost.getAsLong()) : "null",
                reason);
    return Encoder.ownEvent(eventName, data, resumedAt);
  }

  /** A JSON string (RFC 8259 §7) of the text's beginning, plain ASCII whatever the text holds. */
  private static String quoted(String text) {
    int end = Math.min(text.length(), MAX_REQUESTED);
    StringBuilder json = new StringBuilder(end + 2).append('"');
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        json.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
