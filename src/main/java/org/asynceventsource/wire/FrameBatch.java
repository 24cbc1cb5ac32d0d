package org.asynceventsource.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Consecutive frames joined for one write, shared by all clients at the same cursor. Immutable: a
 * container may keep the bytes until its write has ended.
 */
public final class FrameBatch {

  private final Frame joined;
  private final int frames;

  private FrameBatch(Frame joined, int frames) {
    this.joined = joined;
    this.frames = frames;
  }

  /**
   * Joins frames; a lone one is not copied.
   *
   * @param frames at least one
   * @return the batch
   */
  public static FrameBatch of(List<Frame> frames) {
    if (frames.size() == 1) {
      return new FrameBatch(frames.get(0), 1);
    }
    int size = 0;
    for (Frame frame : frames) {
      size += frame.size();
    }
    byte[] bytes = new byte[size];
    int end = 0;
    for (Frame frame : frames) {
      end = frame.copyTo(bytes, end);
    }
    return new FrameBatch(new Frame(bytes, "", null), frames.size());
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
   * How many frames are joined.
   *
   * @return at least 1
   */
  public int frames() {
    return frames;
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
