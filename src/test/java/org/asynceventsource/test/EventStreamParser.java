package org.asynceventsource.test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads text/event-stream as WHATWG HTML §9.2.6 says, from bytes, however they are cut.
 *
 * <p>An independent judge: it uses no class of ours. Stricter than browsers in one thing: bytes
 * that aren't UTF-8 are an error. Not safe for use by several threads.
 */
public final class EventStreamParser {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final Receiver receiver;
  private final Line line = new Line();
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String idBuffer = "";
  private String lastEventId = "";
  private boolean firstLine = true;
  private boolean afterCarriageReturn;

  /**
   * A parser at the beginning of a stream.
   *
   * @param receiver learns of what the stream says
   */
  public EventStreamParser(Receiver receiver) {
    this.receiver = receiver;
  }

  /**
   * A dispatched event, as a listener in a browser sees it.
   *
   * @param id the last event ID when it was dispatched; may be empty
   * @param name the event type
   * @param data the data, lines joined by LF
   */
  public record Message(String id, String name, String data) {}

  /** Learns of what a stream says. */
  public interface Receiver {

    /**
     * An event was dispatched.
     *
     * @param message the event
     */
    void message(Message message);

    /**
     * A line was a comment.
     *
     * @param text what follows the colon
     */
    default void comment(String text) {}

    /**
     * The last event ID was set, by an event or without one.
     *
     * @param id what the client would present from now on
     */
    default void lastEventId(String id) {}

    /**
     * The reconnect time was set.
     *
     * @param millis the time in milliseconds
     */
    default void retry(long millis) {}
  }

  /**
   * Reads the next bytes of the stream; an event that isn't ended by an empty line stays pending.
   *
   * @param bytes where they are
   * @param offset index of the first
   * @param length how many
   */
  public void feed(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      byte b = bytes[i];
      boolean endsCrLf = b == '\n' && afterCarriageReturn;
      afterCarriageReturn = b == '\r';
      if (endsCrLf) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        endLine();
      } else {
        line.write(b);
      }
    }
  }

  /**
   * Whether the stream may end here without losing an event.
   *
   * @return whether nothing follows the last empty line
   */
  public boolean isBetweenEvents() {
    return line.size() == 0 && data.isEmpty() && type.isEmpty() && idBuffer.equals(lastEventId);
  }

  private void endLine() {
    String text = line.take(firstLine);
    firstLine = false;
    if (text.isEmpty()) {
      dispatch();
      return;
    }
    int colon = text.indexOf(':');
    if (colon == 0) {
      receiver.comment(text.substring(1));
    } else if (colon > 0) {
      int begin = colon + 1;
      boolean space = begin < text.length() && text.charAt(begin) == ' ';
      field(text.substring(0, colon), text.substring(space ? begin + 1 : begin));
    } else {
      field(text, "");
    }
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> idBuffer = value.indexOf('\0') >= 0 ? idBuffer : value;
      case "retry" -> {
        if (value.matches("[0-9]+")) {
          receiver.retry(Long.parseLong(value));
        }
      }
      default -> {
        // ignored, says the specification
      }
    }
  }

  private void dispatch() {
    if (!idBuffer.equals(lastEventId)) {
      lastEventId = idBuffer;
      receiver.lastEventId(lastEventId);
    }
    if (!data.isEmpty()) {
      data.setLength(data.length() - 1);
      receiver.message(
          new Message(lastEventId, type.isEmpty() ? "message" : type, data.toString()));
      data.setLength(0);
    }
    type = "";
  }

  /** The bytes of one line. */
  private static final class Line extends ByteArrayOutputStream {

    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);

    String take(boolean first) {
      int begin = first && startsWithByteOrderMark() ? BYTE_ORDER_MARK.length : 0;
      String text = decoded(begin);
      reset();
      return text;
    }

    private String decoded(int begin) {
      try {
        return decoder.decode(ByteBuffer.wrap(buf, begin, count - begin)).toString();
      } catch (CharacterCodingException e) {
        throw new AssertionError(
            "not UTF-8: " + new String(buf, 0, count, StandardCharsets.UTF_8), e);
      }
    }

    private boolean startsWithByteOrderMark() {
      return count >= 3
          && buf[0] == BYTE_ORDER_MARK[0]
          && buf[1] == BYTE_ORDER_MARK[1]
          && buf[2] == BYTE_ORDER_MARK[2];
    }
  }
}
