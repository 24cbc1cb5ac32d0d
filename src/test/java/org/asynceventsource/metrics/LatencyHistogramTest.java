package org.asynceventsource.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A histogram of latencies")
class LatencyHistogramTest {

  private static final long UNIT = 1_024;

  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  @DisplayName("is empty at first")
  void empty() {
    assertThat(histogram.snapshot().count()).isZero();
    assertThat(histogram.snapshot().percentile(0.5)).isZero();
    assertThat(histogram.snapshot().percentile(1)).isZero();
  }

  @Test
  @DisplayName("knows each percentile of a million durations to one part in 32, never too low")
  void accuracy() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    long[] durations = new long[1_000_000];
    for (int i = 0; i < durations.length; i++) {
      // Equally many between 1 µs and 2 µs as between 1 s and 2 s.
      durations[i] = (long) (1_000 * Math.exp(random.nextDouble() * Math.log(60e6)));
      histogram.record(durations[i]);
    }
    Arrays.sort(durations);
    LatencyHistogram.Snapshot snapshot = histogram.snapshot();

    assertThat(snapshot.count()).isEqualTo(durations.length);
    for (double share : new double[] {0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.99999, 1}) {
      long exact = durations[(int) Math.ceil(share * durations.length) - 1];
      assertThat(snapshot.percentile(share))
          .as("%s, seed %d", share, seed)
          .isBetween(exact, exact + exact / 32 + 2 * UNIT);
    }
  }

  @Test
  @DisplayName("tells apart every two durations that are one part in 16 apart")
  void resolution() {
    for (long nanos = 64 * UNIT; nanos < LatencyHistogram.LONGEST; nanos += nanos / 16) {
      histogram.reset();
      histogram.record(nanos);
      long low = histogram.snapshot().percentile(1);
      histogram.reset();
      histogram.record(nanos + nanos / 16);
      assertThat(histogram.snapshot().percentile(1)).as("%d ns", nanos).isGreaterThan(low);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, UNIT - 1})
  @DisplayName("counts what is shorter than a unit as one")
  void shortest(long nanos) {
    histogram.record(nanos);

    assertThat(histogram.snapshot().percentile(0.5)).isEqualTo(UNIT);
  }

  @ParameterizedTest
  @ValueSource(longs = {LatencyHistogram.LONGEST, LatencyHistogram.LONGEST + 1, Long.MAX_VALUE})
  @DisplayName("counts what is too long as 73 minutes")
  void longest(long nanos) {
    histogram.record(nanos);

    assertThat(Duration.ofNanos(histogram.snapshot().percentile(1)).toMinutes()).isEqualTo(73);
  }

  @Test
  @DisplayName("misses nothing that several threads count at once")
  void threads() throws Exception {
    int each = 200_000;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) { // more than stripes
      threads.add(
          new Thread(
              () -> {
                for (int n = 0; n < each; n++) {
                  histogram.record(5_000);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(histogram.snapshot().count()).isEqualTo(6L * each);
  }

  @Test
  @DisplayName("begins anew when it is told to")
  void reset() {
    histogram.record(5_000);
    histogram.reset();

    assertThat(histogram.snapshot().count()).isZero();
  }
}
