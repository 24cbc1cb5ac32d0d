package org.asynceventsource.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive frames joined for one write, shared by all clients at the same cursor. Immutable: a
 * container may keep the bytes until its write has ended.
 */
public final class FrameBatch {

  private final Frame joined;
  private final int events;
  private final boolean historic;
  private final long appendedAt;

  private FrameBatch(Frame joined, int events, @Nullable Frame oldest) {
    this.joined = joined;
    this.events = events;
    this.historic = oldest != null;
    this.appendedAt = oldest == null ? 0 : oldest.appendedAt();
  }

  /**
   * Joins frames; a lone one is not copied.
   *
   * @param frames at least one
   * @return the batch
   */
  public static FrameBatch of(List<Frame> frames) {
    int size = 0;
    int events = 0;
    Frame oldest = null;
    for (Frame frame : frames) {
      size += frame.size();
      events += frame.kind() == Frame.Kind.PROTOCOL ? 0 : 1;
      oldest = oldest == null && frame.kind() == Frame.Kind.HISTORY ? frame : oldest;
    }
    return new FrameBatch(frames.size() == 1 ? frames.get(0) : join(frames, size), events, oldest);
  }

  private static Frame join(List<Frame> frames, int size) {
    byte[] bytes = new byte[size];
    int end = 0;
    for (Frame frame : frames) {
      end = frame.copyTo(bytes, end);
    }
    return Frame.ofProtocol(bytes);
  }

  /**
   * Writes all frames in one call.
   *
   * @param out where to
   * @throws IOException if {@code out} fails
   */
  public void writeTo(OutputStream out) throws IOException {
    joined.writeTo(out);
  }

  /**
   * How many events the batch has.
   *
   * @return 0 if all frames are lines of protocol
   */
  public int events() {
    return events;
  }

  /**
   * How long ago the oldest event of the history in it was appended.
   *
   * @param now the time by the log's clock, in nanoseconds
   * @return nanoseconds, or -1 if none of its events is from the history
   */
  public long age(long now) {
    return historic ? Math.max(0, now - appendedAt) : -1;
  }

  /**
   * The batch's length.
   *
   * @return bytes on the wire
   */
  public int size() {
    return joined.size();
  }
}
