package org.asynceventsource.stream;

import jakarta.servlet.ServletOutputStream;
import java.io.IOException;

/** A response's output that takes no more once a write to it was interrupted. */
final class WatchedOutput extends ForwardedOutput {

  private final WriteWatch watch;

  WatchedOutput(ServletOutputStream out, WriteWatch watch) {
    super(out);
    this.watch = watch;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    super.write(bytes, offset, length);
    watch.check();
  }

  @Override
  public void flush() throws IOException {
    super.flush();
    watch.check();
  }
}
