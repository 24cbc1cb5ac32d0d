package org.asynceventsource.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event encoded before its id is known, so that a log only prepends the id under its lock.
 * Immutable.
 */
public final class EncodedEvent {

  private static final byte[] ID = {'i', 'd', ':', ' '};

  private final byte[] bytes;
  private final String channel;
  private final @Nullable String key;
  private final @Nullable String ownId;

  /** Takes the bytes over; they begin with the id line if there is an own id. */
  EncodedEvent(byte[] bytes, String channel, @Nullable String key, @Nullable String ownId) {
    this.bytes = bytes;
    this.channel = channel;
    this.key = key;
    this.ownId = ownId;
  }

  /**
   * The id that the application gave the event.
   *
   * @return the id, or empty if the log is to assign one
   */
  public Optional<String> ownId() {
    return Optional.ofNullable(ownId);
  }

  /**
   * The event as a frame; its own id, if it has one, stays.
   *
   * @param logId the id that the log assigns: at most 64 of {@code [A-Za-z0-9._~-]}
   * @param appendedAt the time by the log's clock, in nanoseconds
   * @return the frame
   */
  public Frame frame(String logId, long appendedAt) {
    return new Frame(
        ownId == null ? withId(logId) : bytes, channel, key, ownId, appendedAt, Frame.Kind.HISTORY);
  }

  private byte[] withId(String logId) {
    byte[] id = logId.getBytes(StandardCharsets.ISO_8859_1);
    byte[] framed = new byte[ID.length + id.length + 1 + bytes.length];
    System.arraycopy(ID, 0, framed, 0, ID.length);
    System.arraycopy(id, 0, framed, ID.length, id.length);
    int end = ID.length + id.length;
    framed[end++] = '\n';
    System.arraycopy(bytes, 0, framed, end, bytes.length);
    return framed;
  }

  /**
   * The event as a frame without an id from a log, for one client only.
   *
   * @return the frame
   */
  public Frame frame() {
    return new Frame(bytes, channel, key, ownId, 0, Frame.Kind.DIRECT);
  }
}
