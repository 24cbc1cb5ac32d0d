package org.asynceventsource.stream;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** The fan-out threads of one application, shared by its event sources. */
public final class FanOutPool implements AutoCloseable {

  private static final long JOIN_NANOS = 500_000_000;
  private static final int BLOCKING = 2;

  private final List<FanOut> fanOuts;
  private final List<Thread> threads = new ArrayList<>();

  private FanOutPool(int size, int blocking, LongSupplier clock, Duration tick, Duration linger) {
    fanOuts =
        IntStream.range(0, size + blocking)
            .mapToObj(i -> new FanOut(clock, tick.toNanos(), linger.toNanos(), i >= size))
            .toList();
  }

  /**
   * Starts the fan-out threads of an application, and more where its container may block a write:
   * for the clients that this may happen to, so that no others wait.
   *
   * @param context the application
   * @param size how many
   * @param tick how often each looks at the time
   * @param linger how long an event may wait for others, so that they are written together
   * @return the running pool
   */
  public static FanOutPool start(ServletContext context, int size, Duration tick, Duration linger) {
    int blocking = blocksHttp2(context) ? BLOCKING : 0;
    FanOutPool pool = new FanOutPool(size, blocking, System::nanoTime, tick, linger);
    if (Liberty.runs(context)) {
      pool.watchWrites();
    }
    pool.startThreads();
    return pool;
  }

  private void watchWrites() {
    FanOut first = fanOuts.get(0);
    fanOuts.stream().filter(FanOut::isBlocking).forEach(first::watch);
  }

  /** Whether an application's container may block a write to a client on HTTP/2. */
  static boolean blocksHttp2(ServletContext context) {
    return Tomcat.runs(context) || Liberty.runs(context);
  }

  /**
   * Starts fan-out threads in a container that never blocks a write.
   *
   * @param size how many
   * @param tick how often each looks at the time
   * @param linger how long an event may wait for others, so that they are written together
   * @return the running pool
   */
  public static FanOutPool start(int size, Duration tick, Duration linger) {
    FanOutPool pool = new FanOutPool(size, 0, System::nanoTime, tick, linger);
    pool.startThreads();
    return pool;
  }

  /** A pool whose turns are taken by a test, on a clock of its own. */
  static FanOutPool manual(int size, LongSupplier clock, Duration tick, Duration linger) {
    return new FanOutPool(size, 0, clock, tick, linger);
  }

  private void startThreads() {
    for (FanOut fanOut : fanOuts) {
      Thread thread = new Thread(fanOut, "eventsource-fan-out-" + (threads.size() + 1));
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  List<FanOut> fanOuts() {
    return fanOuts;
  }

  /** Stops the threads; streams still open are no longer written to. */
  @Override
  public void close() {
    fanOuts.forEach(FanOut::stop);
    try {
      joinAll();
      threads.forEach(Thread::interrupt); // those that wait for their container to end a write
      joinAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      threads.forEach(Thread::interrupt);
    }
  }

  /** Waits for all threads together, and not for long. */
  private void joinAll() throws InterruptedException {
    long end = System.nanoTime() + JOIN_NANOS;
    for (Thread thread : threads) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      thread.join(Math.max(1, left)); // 0 would be for ever
    }
  }
}
