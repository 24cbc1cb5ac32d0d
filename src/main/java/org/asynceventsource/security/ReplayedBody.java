package org.asynceventsource.security;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A body in memory, to be read as from the network: blocking, or by a listener that threads of the
 * container call, one at a time. Any thread.
 */
final class ReplayedBody extends ServletInputStream {

  private final byte[] body;
  private final HttpServletRequest request;

  // All below is guarded by this.
  private int at;
  private @Nullable ReadListener listener;
  private boolean calling; // the listener is being told that there is something
  private boolean told; // the listener has been told that all is read, or is about to be

  ReplayedBody(byte[] body, HttpServletRequest request) {
    this.body = body;
    this.request = request;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public synchronized int read(byte[] into, int offset, int length) {
    int some = Math.min(length, body.length - at);
    if (some == 0) {
      return length == 0 ? 0 : -1;
    }
    System.arraycopy(body, at, into, offset, some);
    at += some;
    if (listener != null && !calling && mustTell()) {
      start(listener, listener::onAllDataRead);
    }
    return some;
  }

  @Override
  public synchronized int available() {
    return body.length - at;
  }

  @Override
  public synchronized boolean isFinished() {
    return at == body.length;
  }

  /** Always: nothing has to be waited for. */
  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public synchronized void setReadListener(ReadListener listener) {
    if (this.listener != null) {
      throw new IllegalStateException("the body has a listener already");
    }
    this.listener = listener;
    calling = true;
    start(listener, () -> tell(listener));
  }

  private void tell(ReadListener called) throws IOException {
    if (!isFinished()) {
      called.onDataAvailable();
    }
    if (isReadAfterCall()) {
      called.onAllDataRead();
    }
  }

  private synchronized boolean isReadAfterCall() {
    calling = false;
    return mustTell();
  }

  /** Whether all is read and nobody has said so; from now on somebody has. */
  private synchronized boolean mustTell() {
    boolean first = isFinished() && !told;
    told |= first;
    return first;
  }

  private void start(ReadListener called, Event event) {
    request
        .getAsyncContext()
        .start(
            () -> {
              try {
                event.happen();
              } catch (IOException | RuntimeException e) {
                called.onError(e);
              }
            });
  }

  /** One of the calls that a listener gets. */
  @FunctionalInterface
  private interface Event {
    void happen() throws IOException;
  }
}
