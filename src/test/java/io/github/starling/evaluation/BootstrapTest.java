package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  @Test
  void oneItemLeavesNoDoubt() {
    assertEquals(new Interval(7, 7), Bootstrap.of(1, 10, 1, sample -> 7 + sample[0]));
  }

  @Test
  void theEndsAreInterpolatedQuantiles() {
    // samples in turn count 0, 1, …, 100: their 2.5 % quantile is 2.5, between the third and fourth
    var count = new int[1];
    var interval = Bootstrap.of(5, 101, 1, _ -> (count[0]++ * 37) % 101);
    assertEquals(2.5, interval.low(), 1e-12);
    assertEquals(97.5, interval.high(), 1e-12);
  }

  @Test
  void twoItemsGiveTheirThreePossibleMeans() {
    // means 0, 1/2, 1 have chances 1/4, 1/2, 1/4: the tails of 2.5 % are at 0 and 1
    assertEquals(new Interval(0, 1), Bootstrap.of(2, 2000, 3, s -> (s[0] + s[1]) / 2.0));
  }

  @Test
  void everyItemIsDrawnAsOften() {
    var counts = new int[7];
    Bootstrap.of(
        7,
        10_000,
        5,
        sample -> {
          for (int i : sample) {
            counts[i]++;
          }
          return sample.length;
        });
    // binomial with mean 10,000 and deviation 93
    for (int count : counts) {
      assertEquals(10_000, count, 400, Arrays.toString(counts));
    }
  }

  @Test
  void theSameSeedDrawsTheSameSamples() {
    assertArrayEquals(samples(11), samples(11));
    assertNotEquals(Arrays.deepToString(samples(11)), Arrays.deepToString(samples(12)));
  }

  private static int[][] samples(long seed) {
    var samples = new ArrayList<int[]>();
    Bootstrap.of(
        20,
        30,
        seed,
        sample -> {
          samples.add(sample.clone());
          return 0;
        });
    return samples.toArray(int[][]::new);
  }

  @Test
  void theIntervalCoversTheTruthAsOftenAsItSays() {
    var random = new SplittableRandom(20);
    int covered = 0;
    for (int run = 0; run < 400; run++) {
      double[] items = DoubleStream.generate(random::nextGaussian).limit(100).toArray();
      var interval = Bootstrap.of(items.length, 1000, run, s -> mean(items, s));
      covered += interval.coversZero() ? 1 : 0;
    }
    // 380 and four deviations of 4.4 either way; percentile intervals of 100 items are 1 % short
    assertTrue(covered >= 362 && covered <= 394, covered + " of 400");
  }

  @Test
  void aPairedDifferenceIsSurerThanItsParts() {
    // all items differ by about 1, while the items themselves are spread by 100
    double[] a = {0, 100, 200, 300, 400, 500, 600, 700};
    double[] b = {1, 101.5, 201, 300.5, 401, 501.5, 601, 700.5};
    var interval = Bootstrap.of(a.length, 2000, 1, s -> mean(b, s) - mean(a, s));
    assertTrue(interval.low() > 0.5 && interval.high() < 1.5, interval.toString());
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Bootstrap.of(0, 10, 1, _ -> 0));
    assertThrows(IllegalArgumentException.class, () -> Bootstrap.of(10, 0, 1, _ -> 0));
    assertThrows(IllegalArgumentException.class, () -> Bootstrap.of(10, 10, 1, _ -> Double.NaN));
  }

  private static double mean(double[] items, int[] sample) {
    double sum = 0;
    for (int i : sample) {
      sum += items[i];
    }
    return sum / sample.length;
  }
}
