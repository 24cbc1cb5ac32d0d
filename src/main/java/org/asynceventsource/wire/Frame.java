package org.asynceventsource.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One event, or one line of protocol, encoded once and shared by all clients. Immutable. */
public final class Frame {

  private final byte[] bytes;
  private final String channel;
  private final @Nullable String ownId;

  /** Takes the bytes over: they must not be changed or handed out afterwards. */
  Frame(byte[] bytes, String channel, @Nullable String ownId) {
    this.bytes = bytes;
    this.channel = channel;
    this.ownId = ownId;
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
