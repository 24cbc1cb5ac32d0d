package org.asynceventsource.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One event, or one line of protocol, encoded once and shared by all clients. Immutable. */
public final class Frame {

  /** What a frame is. */
  enum Kind {
    /** An event of the history. */
    HISTORY,
    /** An event for one client. */
    DIRECT,
    /** No event, but a line of protocol. */
    PROTOCOL
  }

  private final byte[] bytes;
  private final String channel;
  private final @Nullable String key;
  private final @Nullable String ownId;
  private final long appendedAt;
  private final Kind kind;

  /** Takes the bytes over: they must not be changed or handed out afterwards. */
  Frame(
      byte[] bytes,
      String channel,
      @Nullable String key,
      @Nullable String ownId,
      long appendedAt,
      Kind kind) {
    this.bytes = bytes;
    this.channel = channel;
    this.key = key;
    this.ownId = ownId;
    this.appendedAt = appendedAt;
    this.kind = kind;
  }

  static Frame ofProtocol(byte[] bytes) {
    return new Frame(bytes, "", null, null, 0, Kind.PROTOCOL);
  }

  /**
   * Writes the frame in one call.
   *
   * @param out where to
   * @throws IOException if {@code out} fails
   */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, bytes.length);
  }

  /**
   * The frame's length.
   *
   * @return bytes on the wire
   */
  public int size() {
    return bytes.length;
  }

  /**
   * The channel that the event belongs to.
   *
   * @return the channel; empty for the event source's only one
   */
  public String channel() {
    return channel;
  }

  /**
   * What the event is the newest state of.
   *
   * @return the key, or {@code null} if every event counts
   */
  public @Nullable String key() {
    return key;
  }

  /**
   * When the event was appended to the history.
   *
   * @return the time by the log's clock, in nanoseconds; of no meaning for other frames
   */
  public long appendedAt() {
    return appendedAt;
  }

  Kind kind() {
    return kind;
  }

  /**
   * The id that the application gave the event.
   *
   * @return the id, or empty if the log assigned it
   */
  public Optional<String> ownId() {
    return Optional.ofNullable(ownId);
  }

  int copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
    return offset + bytes.length;
  }
}
