package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
@DisplayName("A write that its container never ends")
class WriteWatchTest {

  private static final long NEVER = WriteWatch.PATIENCE_NANOS + 1;

  private final WriteWatch watch = new WriteWatch();
  private final ForgetfulOutput forgetful = new ForgetfulOutput();
  private final WatchedOutput out = new WatchedOutput(forgetful, watch);

  @Test
  @DisplayName("is interrupted when it has taken too long, and takes nothing more")
  void interrupts() throws Exception {
    CompletableFuture<Boolean> clean =
        CompletableFuture.supplyAsync(
            () -> {
              watch.begin(0);
              assertThatThrownBy(() -> out.write(new byte[9]))
                  .isInstanceOf(InterruptedIOException.class);
              assertThatThrownBy(out::flush).isInstanceOf(InterruptedIOException.class);
              watch.end();
              return !Thread.currentThread().isInterrupted();
            });
    forgetful.begun.await();
    watch.look(WriteWatch.PATIENCE_NANOS, WriteWatch.PATIENCE_NANOS);
    assertThat(forgetful.ended.getCount()).isOne();
    watch.look(NEVER, WriteWatch.PATIENCE_NANOS);

    assertThat(clean.get()).as("the next client notices nothing").isTrue();
  }

  @Test
  @DisplayName("is told from a thread that rests, and from one that serves the next client")
  void rests() throws Exception {
    watch.begin(0);
    watch.end();
    watch.look(NEVER, WriteWatch.PATIENCE_NANOS);
    watch.begin(NEVER);
    watch.look(NEVER, WriteWatch.PATIENCE_NANOS);
    out.flush();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  @DisplayName("doesn't stop those after it, even if its end was missed")
  void endMissed() throws Exception {
    watch.begin(0);
    watch.look(NEVER, WriteWatch.PATIENCE_NANOS);
    assertThat(Thread.interrupted()).isTrue();
    watch.begin(NEVER);
    out.flush();
  }

  @Test
  @DisplayName("stops no other thread from writing")
  void others() throws Exception {
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              watch.begin(0);
              assertThatThrownBy(() -> out.write(1)).isInstanceOf(InterruptedIOException.class);
            });
    forgetful.begun.await();
    watch.look(NEVER, WriteWatch.PATIENCE_NANOS);
    writing.get();
    out.flush();
  }

  /** Swallows the interruption, as Open Liberty does. */
  private static final class ForgetfulOutput extends ServletOutputStream {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {}

    @Override
    public void write(int b) throws IOException {
      begun.countDown();
      try {
        TimeUnit.DAYS.sleep(1);
      } catch (InterruptedException e) {
        ended.countDown();
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      write(bytes[offset]);
    }
  }
}
