package org.asynceventsource.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.asynceventsource.wire.FrameBatch;
import org.jspecify.annotations.Nullable;

/**
 * How a stream begins: where in the history, and the first bytes, which go out with the headers so
 * that {@code open} fires at once.
 */
record Opening(long cursor, FrameBatch bytes) {

  /** The reconnect time in use while nobody says otherwise; takes back that of a past farewell. */
  static final long RECONNECT_MILLIS = 3_000;

  private static final String GREETING = "async event source";
  private static final String HELLO = "eventsource.hello";
  private static final int MAX_REQUESTED = 128;

  static Opening of(EventLog log, @Nullable String lastId, StreamOptions options) {
    List<Frame> frames = new ArrayList<>(3);
    frames.add(Encoder.comment(GREETING));
    frames.add(Encoder.retry(RECONNECT_MILLIS));
    if (lastId == null) {
      long tail = log.tail();
      frames.add(resumePoint(log.idAt(tail), options));
      return new Opening(tail, FrameBatch.of(frames));
    }
    Resume resume = log.locate(lastId);
    if (resume instanceof Resume.Gap gap) {
      frames.add(gapEvent(log.idAt(gap.cursor()), lastId, gap, options));
    }
    return new Opening(resume.cursor(), FrameBatch.of(frames));
  }

  private static Frame resumePoint(String id, StreamOptions options) {
    return options.hello() ? Encoder.ownEvent(HELLO, "", id) : Encoder.id(id);
  }

  private static Frame gapEvent(
      String id, String requested, Resume.Gap gap, StreamOptions options) {
    String data =
        "{\"requested\":%s,\"resumedAt\":%s,\"lost\":%s,\"reason\":\"%s\"}"
            .formatted(quoted(requested), quoted(id), number(gap.lost()), gap.reason().wireName());
    return Encoder.ownEvent(options.gapEvent(), data, id);
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
