package org.asynceventsource.stream;

import java.util.OptionalLong;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * How a stream begins: where in the history, and the first bytes, which go out with the headers so
 * that {@code open} fires at once.
 *
 * <p>They are one block with an id. A client that takes the specification at its word forgets its
 * last event ID at the first empty line of a new stream that has brought none (WHATWG HTML §9.2.6),
 * and one that is cut off before a gap event must not have its id yet. Either would lose events
 * without a word.
 */
record Opening(long cursor, Frame bytes) {

  /** The reconnect time in use while nobody says otherwise; takes back that of a past farewell. */
  static final long RECONNECT_MILLIS = 3_000;

  private static final String GREETING = "async event source";
  private static final String HELLO = "eventsource.hello";
  private static final int MAX_REQUESTED = 128;

  static Opening of(EventLog log, @Nullable String lastId, StreamOptions options) {
    if (lastId == null) {
      return fresh(log, options);
    }
    Resume resume = log.locate(lastId);
    String id = log.idAt(resume.cursor());
    return resume instanceof Resume.Gap gap
        ? at(gap.cursor(), Encoder.ownEvent(options.gapEvent(), gapData(id, lastId, gap), id))
        : at(resume.cursor(), Encoder.id(id));
  }

  private static Opening fresh(EventLog log, StreamOptions options) {
    long tail = log.tail();
    String id = log.idAt(tail);
    return at(tail, options.hello() ? Encoder.ownEvent(HELLO, "", id) : Encoder.id(id));
  }

  private static Opening at(long cursor, Frame first) {
    return new Opening(cursor, Encoder.opening(GREETING, RECONNECT_MILLIS, first));
  }

  private static String gapData(String id, String requested, Resume.Gap gap) {
    return "{\"requested\":%s,\"resumedAt\":%s,\"lost\":%s,\"reason\":\"%s\"}"
        .formatted(quoted(requested), quoted(id), number(gap.lost()), gap.reason().wireName());
  }

  private static String number(OptionalLong lost) {
    return lost.isPresent() ? Long.toString(lost.getAsLong()) : "null";
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
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
