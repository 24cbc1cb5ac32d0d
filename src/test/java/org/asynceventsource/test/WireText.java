package org.asynceventsource.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.asynceventsource.wire.EncodedEvent;
import org.asynceventsource.wire.Frame;
import org.asynceventsource.wire.FrameBatch;

/** What frames look like on the wire. */
public final class WireText {

  private WireText() {}

  /**
   * A frame's text.
   *
   * @param frame the frame
   * @return the bytes, decoded
   */
  public static String of(Frame frame) {
    return written(frame::writeTo);
  }

  /**
   * A batch's text.
   *
   * @param batch the batch
   * @return the bytes, decoded
   */
  public static String of(FrameBatch batch) {
    return written(batch::writeTo);
  }

  /**
   * The text of an event that no log has given an id.
   *
   * @param event the event
   * @return the bytes, decoded
   */
  public static String of(EncodedEvent event) {
    return of(event.frame());
  }

  private static String written(Writing writing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writing.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private interface Writing {
    void writeTo(ByteArrayOutputStream out) throws IOException;
  }
}
