package io.github.starling.evaluation;

import java.util.Arrays;
import java.util.random.RandomGeneratorFactory;

/**
 * How far a difference measured on some items may be from that on all items there could be.
 *
 * <p>Efron, "Bootstrap methods: another look at the jackknife" (1979), percentile interval: the
 * statistic of samples as large as the items, drawn from them with repetition. Two methods are
 * compared by the difference of their scores on one sample, so that what makes an item hard for
 * both counts for nothing.
 */
public final class Bootstrap {
  private static final double CONFIDENCE = 0.95;

  private Bootstrap() {}

  /**
   * Returns the 95 % interval.
   *
   * <p>The same seed draws the same samples: {@code nextInt(items)} of the JDK's {@code
   * L64X128MixRandom} for each item of each sample in turn. A quantile between two samples is
   * interpolated.
   *
   * @param items how many there are, at least 1
   * @param resamples samples to draw, at least 1; some thousands make the ends steady
   * @param seed the only source of randomness
   * @param difference what to compute of each sample
   * @throws IllegalArgumentException if there is no item or sample, or the statistic is NaN
   */
  public static Interval of(int items, int resamples, long seed, Statistic difference) {
    if (items < 1 || resamples < 1) {
      throw new IllegalArgumentException(
          "cannot draw %d samples of %d items".formatted(resamples, items));
    }
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var sample = new int[items];
    var values = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      for (int i = 0; i < items; i++) {
        sample[i] = random.nextInt(items);
      }
      values[r] = difference.of(sample);
      if (Double.isNaN(values[r])) {
        throw new IllegalArgumentException("the statistic of sample " + r + " is NaN");
      }
    }
    Arrays.sort(values);
    return new Interval(
        quantile(values, (1 - CONFIDENCE) / 2), quantile(values, (1 + CONFIDENCE) / 2));
  }

  private static double quantile(double[] sorted, double part) {
    double position = part * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
