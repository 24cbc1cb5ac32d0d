package org.asynceventsource.servlet;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a {@code text/event-stream} (WHATWG HTML §9.2.6) out of pieces of any size,
 * in memory bounded by the limit for one event.
 *
 * <p>Two fields besides those of the standard say where an event goes and what it replaces: {@code
 * channel} and {@code key}. It departs from what a browser does where a publisher has to know: an
 * id holds for its own event alone, and what a browser would drop in silence is refused: malformed
 * UTF-8, an id with NUL, a {@code retry} that is no number, an event without its empty line at the
 * end of the stream. Comments, unknown fields and blocks without data are skipped, as browsers do.
 *
 * <p>Used by one thread at a time.
 */
final class EventStreamReader {

  private static final int SMALL_LINE = 256;
  private static final int LARGE_LINE = 8 * 1024;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final int limit;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder(); // reports by default
  private byte[] line = new byte[SMALL_LINE];
  private int length;
  private int size; // of the lines of the event so far, without their ends
  private boolean comment;
  private boolean atStart = true;
  private boolean afterReturn;
  private long complete;

  private @Nullable StringBuilder data;
  private String name = "";
  private String id = "";
  private long retry;
  private String channel = "";
  private String key = "";

  /**
   * A reader at the beginning of a stream.
   *
   * @param limit the most bytes of an event's lines, comments and line ends not counted
   */
  EventStreamReader(int limit) {
    this.limit = limit;
  }

  /**
   * Reads on until an event is complete.
   *
   * @param bytes the next piece; what is behind the event is left in it
   * @return the event, or {@code null} if the piece is used up
   * @throws RefusedException if the event is malformed (400) or too long (413)
   * @throws InvalidEventException if the event can't be sent
   */
  @Nullable ServerSentEvent next(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte octet = bytes.get();
      boolean secondOfTwo = octet == '\n' && afterReturn;
      afterReturn = octet == '\r';
      if (secondOfTwo) {
        continue;
      }
      if (octet != '\n' && octet != '\r') {
        append(octet);
      } else if (endLine()) {
        return event();
      }
    }
    return null;
  }

  /**
   * The stream is at its end.
   *
   * @throws RefusedException if an event has begun and isn't complete (400)
   */
  void end() {
    if (length > 0 || data != null) {
      throw refusal(
          "incomplete", "the stream ends within this event", "end every event with an empty line");
    }
  }

  /** The number of the event that is being read; the first one is 1. */
  long number() {
    return complete + 1;
  }

  private void append(byte octet) {
    if (comment) {
      return; // so that a stream of comments alone may go on for ever
    }
    if (length == 0 && octet == ':') {
      comment = true;
      return;
    }
    size++;
    if (size > limit) {
      throw Refusal.of(
              413,
              "event too long",
              "it has more than %d bytes".formatted(limit),
              "send less, or raise 'eventsource.limits.body'")
          .asException();
    }
    if (length == line.length) {
      line = Arrays.copyOf(line, Math.min(limit, 2 * length));
    }
    line[length++] = octet;
    if (atStart && length == BYTE_ORDER_MARK.length) {
      dropByteOrderMark();
    }
  }

  private void dropByteOrderMark() {
    atStart = false;
    if (Arrays.equals(line, 0, length, BYTE_ORDER_MARK, 0, length)) {
      length = 0;
      size = 0;
    }
  }

  /** Whether this was the empty line behind an event with data. */
  private boolean endLine() {
    atStart = false;
    if (comment) {
      comment = false;
      return false;
    }
    if (length > 0) {
      field(decode());
      length = 0;
      return false;
    }
    if (data == null) {
      begin();
      return false;
    }
    return true;
  }

  private String decode() {
    try {
      return utf8.decode(ByteBuffer.wrap(line, 0, length)).toString();
    } catch (CharacterCodingException malformed) {
      throw refusal("malformed text", "it is malformed UTF-8", "send it in UTF-8");
    }
  }

  private void field(String text) {
    int colon = text.indexOf(':');
    String value =
        colon < 0 ? "" : text.substring(colon + (text.startsWith(" ", colon + 1) ? 2 : 1));
    switch (colon < 0 ? text : text.substring(0, colon)) {
      case "data" -> {
        data = data == null ? new StringBuilder(value.length()) : data.append('\n');
        data.append(value);
      }
      case "event" -> name = value;
      case "id" -> id = value;
      case "retry" -> retry = milliseconds(value);
      case "channel" -> channel = value;
      case "key" -> key = value;
      default -> {}
    }
  }

  private static long milliseconds(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw refusal(
          "retry",
          "'retry' is no whole number of milliseconds: '%s'"
              .formatted(EventSourceException.printable(text)),
          "send digits alone");
    }
    return Long.parseLong(text);
  }

  private ServerSentEvent event() {
    ServerSentEvent event =
        ServerSentEvent.of(String.valueOf(data))
            .withName(name)
            .withId(id)
            .withRetry(retry)
            .withChannel(channel)
            .withKey(key);
    complete++;
    begin();
    return event;
  }

  private void begin() {
    data = null;
    name = "";
    id = "";
    retry = 0;
    channel = "";
    key = "";
    size = 0;
    if (line.length > LARGE_LINE) {
      line = new byte[SMALL_LINE]; // one large event doesn't hold its memory for the rest
    }
  }

  private static RefusedException refusal(String cause, String reason, String remedy) {
    return Refusal.of(400, "event stream: " + cause, reason, remedy).asException();
  }
}
