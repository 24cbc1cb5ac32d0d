package org.asynceventsource.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of durations, each known to one part in {@value #PARTS} and to two microseconds.
 *
 * <p>Buckets are even up to {@value #PARTS} units of 1,024 ns, and from then on {@value #PARTS} for
 * each power of two, up to {@value #LONGEST} ns (73 minutes); what is longer counts as that. It is
 * ours because users put one jar into their applications: HdrHistogram does more than is needed
 * here, in a second jar of 170 KB.
 *
 * <p>Safe for use by several threads. Each counts in one of {@value #STRIPES} stripes, so that
 * threads that fan out seldom write to the same cache line; a stripe takes 7 KB.
 */
final class LatencyHistogram {

  static final int PARTS = 32;
  static final long LONGEST = (1L << 42) - 1;

  private static final int PARTS_BITS = 5;
  private static final int UNIT_BITS = 10;
  private static final int STRIPES = 4;
  private static final int BUCKETS = index(LONGEST >>> UNIT_BITS) + 1;

  private final AtomicLongArray[] stripes = new AtomicLongArray[STRIPES];

  LatencyHistogram() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new AtomicLongArray(BUCKETS);
    }
  }

  /**
   * Counts a duration.
   *
   * @param nanos the duration; negative ones count as 0
   */
  void record(long nanos) {
    long units = Math.min(Math.max(nanos, 0), LONGEST) >>> UNIT_BITS;
    AtomicLongArray stripe = stripes[(int) Thread.currentThread().getId() & (STRIPES - 1)];
    stripe.getAndIncrement(index(units));
  }

  private static int index(long units) {
    if (units < PARTS) {
      return (int) units;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(units) - PARTS_BITS;
    return shift * PARTS + (int) (units >>> shift);
  }

  /** The first duration above a bucket. */
  private static long limit(int index) {
    int shift = Math.max(0, index / PARTS - 1);
    long units = index - (long) shift * PARTS;
    return (units + 1) << shift << UNIT_BITS;
  }

  /** What is counted so far. */
  Snapshot snapshot() {
    long[] counts = new long[BUCKETS];
    for (AtomicLongArray stripe : stripes) {
      for (int i = 0; i < BUCKETS; i++) {
        counts[i] += stripe.get(i);
      }
    }
    return new Snapshot(counts);
  }

  /** Begins anew; what is counted at this moment may be lost. */
  void reset() {
    for (AtomicLongArray stripe : stripes) {
      for (int i = 0; i < BUCKETS; i++) {
        stripe.set(i, 0);
      }
    }
  }

  /** A histogram at one moment. Immutable. */
  static final class Snapshot {

    private final long[] counts;
    private final long count;

    private Snapshot(long[] counts) {
      this.counts = counts;
      long sum = 0;
      for (long one : counts) {
        sum += one;
      }
      this.count = sum;
    }

    /** How many durations. */
    long count() {
      return count;
    }

    /**
     * The duration that so large a share of all doesn't exceed, rounded up.
     *
     * @param share above 0, at most 1; 1 for the longest
     * @return nanoseconds; 0 if there are none
     */
    long percentile(double share) {
      long rank = (long) Math.ceil(share * count);
      long seen = 0;
      for (int i = 0; i < counts.length; i++) {
        seen += counts[i];
        if (seen >= rank && seen > 0) {
          return limit(i);
        }
      }
      return 0;
    }
  }
}
