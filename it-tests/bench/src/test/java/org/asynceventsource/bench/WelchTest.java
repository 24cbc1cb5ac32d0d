package org.asynceventsource.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Welch's t-test")
class WelchTest {

  private static final int SIZE = 20_000;

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  @DisplayName("gives the statistic of two small samples, calculated by hand")
  void byHand() {
    // means 3 and 6, variances 2.5 and 10, five values each: 3 / sqrt(0.5 + 2)
    assertThat(Welch.of(new double[] {2, 4, 6, 8, 10}, new double[] {1, 2, 3, 4, 5}))
        .isEqualTo(3 / Math.sqrt(2.5), within(1e-12));
  }

  @Test
  @DisplayName("finds a difference of a twentieth of the spread, and none where there is none")
  void difference() {
    assertThat(Welch.ofUndisturbed(sample(1_000), sample(1_000))).isBetween(-3.5, 3.5);
    assertThat(Welch.ofUndisturbed(sample(1_015), sample(1_000))).isGreaterThan(Welch.LIMIT);
  }

  /** One value in a hundred is a disturbance, a hundred times as long as the others. */
  private double[] sample(double mean) {
    return DoubleStream.generate(
            () -> {
              double value = mean + 300 * (random.nextDouble() + random.nextDouble() - 1);
              return random.nextInt(100) == 0 ? 100 * value : value;
            })
        .limit(SIZE)
        .toArray();
  }
}
