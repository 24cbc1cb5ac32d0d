package org.asynceventsource.stream;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.spi.StreamListener;

/** An event source with threads of its own: fan-out, callbacks, and a container's. */
final class LiveStream implements AutoCloseable {

  final ExecutorService container = Executors.newFixedThreadPool(4);
  final ExecutorService callbacks = Executors.newFixedThreadPool(4);
  final FanOutPool pool;
  final MemoryLog log;
  final StreamEventSource source;

  LiveStream(int events) {
    this(events, Duration.ofMillis(50));
  }

  /** With threads that look at the time so often. */
  LiveStream(int events, Duration tick) {
    pool = FanOutPool.start(2, tick, Duration.ZERO);
    log = MemoryLog.create(new MemoryLog.Bounds(events, 1L << 30, Duration.ofHours(1)));
    source = source("/events", log);
  }

  StreamEventSource source(String path, MemoryLog history) {
    return new StreamEventSource(
        path,
        history,
        StreamOptions.DEFAULTS,
        new Places(10_000),
        pool,
        callbacks,
        ManualStream.context(),
        StreamListener.NONE);
  }

  @Override
  public void close() {
    source.close();
    pool.close();
    stop(callbacks);
    stop(container);
  }

  private static void stop(ExecutorService threads) {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new AssertionError("a thread of the test doesn't end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
