package org.asynceventsource.stream;

import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts writes of a fan-out thread that its container never ends.
 *
 * <p>On HTTP/2 Open Liberty forgets a write that waits for others of its connection if the client
 * cancels the stream meanwhile (26.0.0.3, {@code H2WriteQEntry.waitWriteCompleteLatch}; its issue
 * 24167). The thread would wait for ever, and with it each client on HTTP/2 that it looks after and
 * the end of the application.
 */
final class WriteWatch {

  /** As long as Tomcat waits, which ends such a write by itself. */
  static final long PATIENCE_NANOS = 5_000_000_000L;

  /** Where the application stops. */
  static final long LAST_PATIENCE_NANOS = 250_000_000L;

  private @Nullable Thread writer; // guarded by this
  private long since; // guarded by this
  private boolean interrupted; // guarded by this

  /** The current thread begins to serve a client. */
  synchronized void begin(long now) {
    writer = Thread.currentThread();
    since = now;
    interrupted = false;
  }

  /** It has served the client. */
  synchronized void end() {
    writer = null;
    if (interrupted) {
      interrupted = false;
      Thread.interrupted(); // the next write has nothing to do with it
    }
  }

  /** Interrupts the thread if it takes too long; called by another one, now and then. */
  synchronized void look(long now, long patience) {
    if (writer != null && now - since > patience) {
      interrupted = true;
      writer.interrupt();
    }
  }

  /**
   * To be asked after each write, since nothing may be written behind one that was left out.
   *
   * @throws InterruptedIOException if the write has been interrupted
   */
  synchronized void check() throws InterruptedIOException {
    if (interrupted && writer == Thread.currentThread()) {
      throw new InterruptedIOException("the container doesn't end a write");
    }
  }
}
