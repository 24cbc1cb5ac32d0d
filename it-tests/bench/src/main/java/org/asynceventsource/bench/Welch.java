package org.asynceventsource.bench;

import java.util.Arrays;

/** Welch's t-test: whether two samples come from distributions with the same mean. */
final class Welch {

  /** Beyond this, the means differ; by chance once in 100,000 times. */
  static final double LIMIT = 4.5;

  private static final double KEPT = 0.95;

  private Welch() {}

  /**
   * The statistic of two samples, without those values of both that are above the 95th percentile
   * of all: collections of garbage and the machine's other work say nothing, and would drown what
   * does.
   */
  static double ofUndisturbed(double[] first, double[] second) {
    double[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    Arrays.sort(all);
    double most = all[(int) (KEPT * (all.length - 1))];
    return of(
        Arrays.stream(first).filter(value -> value <= most).toArray(),
        Arrays.stream(second).filter(value -> value <= most).toArray());
  }

  /** The statistic of two samples; positive if the first mean is the greater one. */
  static double of(double[] first, double[] second) {
    double error = variance(first) / first.length + variance(second) / second.length;
    return (mean(first) - mean(second)) / Math.sqrt(error);
  }

  /** The mean. */
  static double mean(double[] sample) {
    return Arrays.stream(sample).average().orElseThrow();
  }

  private static double variance(double[] sample) {
    double mean = mean(sample);
    double sum = Arrays.stream(sample).map(value -> (value - mean) * (value - mean)).sum();
    return sum / (sample.length - 1);
  }
}
