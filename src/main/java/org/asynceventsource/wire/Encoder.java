package org.asynceventsource.wire;

import java.nio.charset.StandardCharsets;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.jspecify.annotations.Nullable;

/**
 * Makes text/event-stream bytes (WHATWG HTML §9.2.6); the only class that does.
 *
 * <p>UTF-8, LF, every frame ends with an empty line; {@code data: } always with the space and one
 * such line per line of data, split at CR, LF and CRLF, so that empty data is one line and a line
 * end at the end survives; unpaired surrogates become U+FFFD. Stateless; any thread.
 */
public final class Encoder {

  private static final String ID = "id: ";
  private static final String EVENT = "event: ";
  private static final String RETRY = "retry: ";
  private static final String DATA = "data: ";
  private static final String COMMENT = ": ";

  private Encoder() {}

  /**
   * Encodes an event.
   *
   * @param event the event
   * @return the bytes without an id, or with the event's own
   */
  public static EncodedEvent event(ServerSentEvent event) {
    Field id = event.id().map(own -> Field.of(ID, own)).orElseGet(Field::none);
    Field name = event.name().map(given -> Field.of(EVENT, given)).orElseGet(Field::none);
    Field retry =
        event.retry().isPresent()
            ? Field.of(RETRY, Long.toString(event.retry().getAsLong()))
            : Field.none();
    byte[] bytes = join(id, name, retry, Field.of(DATA, event.data()));
    return new EncodedEvent(
        bytes, event.channel(), event.key().orElse(null), asReceived(id, bytes));
  }

  /**
   * Encodes an event of the event source itself, whose name may be a reserved one.
   *
   * @param name the event name
   * @param data the data
   * @param id the id to go on from: at most 64 of {@code [A-Za-z0-9._~-]}
   * @return the frame
   * @throws InvalidEventException if the name or the id holds CR, LF or NUL
   */
  public static Frame ownEvent(String name, String data, String id) {
    Field event = oneLine(EVENT, name);
    return frame(oneLine(ID, id), event, Field.of(DATA, data));
  }

  /**
   * Encodes a comment, which clients ignore.
   *
   * @param text any text, NUL too; split into as many comment lines as it has lines
   * @return the frame
   */
  public static Frame comment(String text) {
    return frame(Field.of(COMMENT, text));
  }

  /**
   * Encodes an id without data: clients keep it as their last event ID and dispatch nothing.
   *
   * @param id at most 64 of {@code [A-Za-z0-9._~-]}
   * @return the frame
   */
  public static Frame id(String id) {
    return frame(oneLine(ID, id));
  }

  /**
   * Encodes a reconnect time without data.
   *
   * @param millis the reconnect time in milliseconds, not negative
   * @return the frame
   * @throws InvalidEventException if the time is negative
   */
  public static Frame retry(long millis) {
    return frame(retryField(millis));
  }

  /**
   * Encodes the beginning of a stream in one block, of which a client has all or nothing.
   *
   * @param comment any text that introduces the stream
   * @param retry the reconnect time in milliseconds, not negative
   * @param first what the stream begins with: an id, or an event with one
   * @return the frame
   * @throws InvalidEventException if the time is negative
   */
  public static Frame opening(String comment, long retry, Frame first) {
    Field greeting = Field.of(COMMENT, comment);
    Field reconnect = retryField(retry);
    byte[] bytes = new byte[greeting.size() + reconnect.size() + first.size()];
    first.copyTo(bytes, reconnect.copyTo(bytes, greeting.copyTo(bytes, 0)));
    return Frame.ofProtocol(bytes);
  }

  private static Field retryField(long millis) {
    if (millis < 0) {
      throw new InvalidEventException(
          "reconnect time '%d' is negative; use milliseconds".formatted(millis));
    }
    return Field.of(RETRY, Long.toString(millis));
  }

  private static Frame frame(Field... fields) {
    return Frame.ofProtocol(join(fields));
  }

  private static byte[] join(Field... fields) {
    int size = 1;
    for (Field field : fields) {
      size = Math.addExact(size, field.size());
    }
    byte[] bytes = new byte[size];
    int end = 0;
    for (Field field : fields) {
      end = field.copyTo(bytes, end);
    }
    bytes[end] = '\n';
    return bytes;
  }

  /** Events can't hold line ends here; names and ids that come from elsewhere are checked. */
  private static Field oneLine(String prefix, String text) {
    Field field = Field.of(prefix, text);
    if (field.lines() != 1 || text.indexOf('\0') >= 0) {
      throw new InvalidEventException(
          "the value of '%s' holds CR, LF or NUL, which can't be sent there; remove them"
              .formatted(prefix.strip()));
    }
    return field;
  }

  /** The own id as clients will present it: what was replaced on the wire is replaced here too. */
  private static @Nullable String asReceived(Field id, byte[] bytes) {
    if (id.lines() == 0 || id.isPlain()) {
      return id.lines() == 0 ? null : id.text();
    }
    return new String(bytes, ID.length(), id.textSize(), StandardCharsets.UTF_8);
  }
}
