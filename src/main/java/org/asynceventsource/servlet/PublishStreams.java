package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.SendResult;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.WarnOnce;
import org.jspecify.annotations.Nullable;

/**
 * The streams that publish to the event sources of one application, and the clock that ends those
 * whose publisher has fallen silent.
 *
 * <p>A timeout of the Servlet API would bound a whole request, which may last for ever here. The
 * clock has a thread while streams are open. Safe for use by several threads.
 */
public final class PublishStreams implements AutoCloseable {

  /** What publishers are told when the application stops. */
  static final Refusal CLOSING =
      Refusal.of(503, "closing", "the event source is closing", "publish the rest when it is back");

  private static final Refusal REVOKED =
      Refusal.of(403, "revoked", "you may no longer publish", "log in again, or as somebody else");

  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);
  private static final Duration SHORTEST_TICK = Duration.ofMillis(10);
  private static final int TICKS_PER_SILENCE = 10;

  private final Duration silent;
  private final Duration recheck;
  private final Executor executor;
  private final LongSupplier clock;
  private final AtomicBoolean checking = new AtomicBoolean();
  private final Map<PublishStream, PublisherLogin> open = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile long checkedAt;
  private final AtomicBoolean checkSoon = new AtomicBoolean();
  private @Nullable Thread ticker; // guarded by this

  PublishStreams(Duration silent, Duration recheck, Executor executor, LongSupplier clock) {
    this.silent = silent;
    this.recheck = recheck;
    this.executor = executor;
    this.clock = clock;
    this.checkedAt = clock.getAsLong();
  }

  /**
   * Takes streams until it is closed.
   *
   * @param silent how long a publisher may send nothing; zero for ever
   * @param recheck how long a publisher may go unasked whether it may still publish; zero for ever
   * @param executor asks that, one task at a time; if it throws, who publishes is asked by the
   *     thread of the streams themselves
   * @return no streams so far
   */
  public static PublishStreams create(Duration silent, Duration recheck, Executor executor) {
    return new PublishStreams(silent, recheck, executor, System::nanoTime);
  }

  /**
   * Publishes the body of a request as it arrives and answers at its end, asynchronously.
   *
   * @param request the request, with support for asynchronous answers
   * @param response its response, not yet committed
   * @param maxEvent the most bytes of an event
   * @param publisher publishes to the event source; what it throws is answered as well
   * @param warnings where refusals and failures are logged
   * @throws IOException if the client is gone
   */
  void open(
      HttpServletRequest request,
      HttpServletResponse response,
      int maxEvent,
      Function<ServerSentEvent, CompletionStage<SendResult>> publisher,
      WarnOnce warnings)
      throws IOException {
    PublishStream.Terms terms =
        new PublishStream.Terms(publisher, maxEvent, silent.toNanos(), clock, warnings);
    PublishStream stream = new PublishStream(request, response, terms, open::remove);
    open.put(stream, PublisherLogin.of(request));
    startTicks();
    stream.start();
    if (closed) {
      stream.interrupt(CLOSING); // close() may have missed it
    }
  }

  private synchronized void startTicks() {
    if (ticker == null) {
      ticker = new Thread(this::tickWhileNeeded, "eventsource-publishers");
      ticker.setDaemon(true);
      ticker.start();
    }
  }

  private void tickWhileNeeded() {
    do {
      LockSupport.parkNanos(this, period().toNanos());
      tick();
    } while (!stopTicks());
  }

  private synchronized boolean stopTicks() {
    if (closed || open.isEmpty()) { // whoever opens one now makes a new thread
      ticker = null;
      return true;
    }
    return false;
  }

  private Duration period() {
    Duration period = silent.isZero() ? LONGEST_TICK : silent.dividedBy(TICKS_PER_SILENCE);
    if (period.compareTo(SHORTEST_TICK) < 0) {
      return SHORTEST_TICK;
    }
    return period.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : period;
  }

  /** Lets every stream look at the clock, and asks now and then who may still publish. */
  void tick() {
    open.keySet().forEach(PublishStream::signal);
    long now = clock.getAsLong();
    boolean due = checkSoon.get() || (!recheck.isZero() && now - checkedAt >= recheck.toNanos());
    if (due && checking.compareAndSet(false, true)) {
      boolean changed = checkSoon.getAndSet(false); // what comes later is for the next tick
      checkedAt = now;
      try {
        executor.execute(() -> checkAll(changed));
      } catch (RuntimeException stopping) { // the container, in which nobody may stay unasked
        checkAll(changed);
      }
    }
  }

  private void checkAll(boolean changed) {
    try {
      open.forEach((stream, login) -> check(stream, login, !changed));
    } finally {
      checking.set(false);
    }
  }

  private static void check(PublishStream stream, PublisherLogin login, boolean inDoubt) {
    if (!login.holds(inDoubt)) {
      stream.interrupt(REVOKED);
    }
  }

  /**
   * Looks again at the publishers whose access may have changed.
   *
   * @param change whose it is
   */
  public void changed(AccessChanged change) {
    if (change.over()) {
      open.forEach(
          (stream, login) -> {
            if (login.isConcernedBy(change)) {
              stream.interrupt(REVOKED);
            }
          });
    } else {
      checkSoon.set(true);
      unparkTicker();
    }
  }

  private synchronized void unparkTicker() {
    LockSupport.unpark(ticker);
  }

  /** How many streams are open. */
  int count() {
    return open.size();
  }

  /** Ends every stream with what it has published so far, and takes no more. Idempotent. */
  @Override
  public void close() {
    closed = true;
    open.keySet().forEach(stream -> stream.interrupt(CLOSING));
    unparkTicker();
  }
}
