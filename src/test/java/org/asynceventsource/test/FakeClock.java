package org.asynceventsource.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that moves only when a test moves it: wall time, and nanoseconds as {@link
 * System#nanoTime()}, which soon pass the largest {@code long}. Safe for use by several threads.
 */
public final class FakeClock implements InstantSource, LongSupplier {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final long FIRST_NANO = Long.MAX_VALUE - 1_000;

  private final AtomicLong passed = new AtomicLong();

  /** Nanoseconds since an arbitrary moment. */
  @Override
  public long getAsLong() {
    return FIRST_NANO + passed.get();
  }

  @Override
  public Instant instant() {
    return BEGIN.plusNanos(passed.get());
  }

  /**
   * Lets time pass.
   *
   * @param duration how much
   */
  public void advance(Duration duration) {
    passed.addAndGet(duration.toNanos());
  }
}
