package org.asynceventsource.middleware;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How fast callers come, by a token bucket for each.
 *
 * <p>A bucket is one number: when it will be full again. Each request takes a part of the window,
 * and passes if the bucket is full again within one window from now (the generic cell rate
 * algorithm). A bucket that is full is as good as none.
 */
final class Rates {

  /** How many callers are remembered. */
  static final int MAX_CALLERS = 10_000;

  private final int requests;
  private final Duration window;
  private final LongSupplier clock;
  private final long part;

  /** Guarded by itself; the one that came the longest time ago first. */
  private final Map<String, Long> fullAt = new LinkedHashMap<>(16, 0.75f, true);

  Rates(int requests, Duration window, LongSupplier clock) {
    this.requests = requests;
    this.window = window;
    this.clock = clock;
    this.part = Math.max(1, window.toNanos() / requests);
  }

  /** The same limit, of which nobody has used anything. */
  Rates anew() {
    return new Rates(requests, window, clock);
  }

  /**
   * Counts a request unless it comes too early; answers how much too early, zero if it may pass.
   */
  Duration take(String caller) {
    long now = clock.getAsLong();
    synchronized (fullAt) {
      Long known = fullAt.get(caller);
      long begin = known == null ? now : now + Math.max(0, known - now);
      long end = begin + part;
      long tooEarly = end - now - part * requests;
      if (tooEarly > 0) {
        return Duration.ofNanos(tooEarly);
      }
      fullAt.put(caller, end);
      if (fullAt.size() > MAX_CALLERS) {
        fullAt.remove(fullAt.keySet().iterator().next());
      }
      return Duration.ZERO;
    }
  }

  int callers() {
    synchronized (fullAt) {
      return fullAt.size();
    }
  }
}
