package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LabelAgreementTest {
  /** True positives 3, false positives 1, false negatives 2, true negatives 4. */
  private final LabelAgreement binary =
      new LabelAgreement(
          new int[] {1, 1, 1, 1, 0, 0, 0, 0, 0, 0}, new int[] {1, 1, 1, 0, 1, 1, 0, 0, 0, 0});

  @Test
  void accuracyIsTheShareOfRightOnes() {
    assertEquals(0.7, ((Statistic) binary::accuracy).ofAll(10), 1e-15);
    assertEquals(0.25, binary.accuracy(new int[] {3, 4, 4, 9}), 1e-15);
  }

  @Test
  void matthewsOfTwoClassesIsTheUsualFormula() {
    double expected = (3 * 4 - 1 * 2) / Math.sqrt((3.0 + 1) * (3 + 2) * (4 + 1) * (4 + 2));
    assertEquals(expected, ((Statistic) binary::matthews).ofAll(10), 1e-15);
    // one of each of the four
    assertEquals(0, binary.matthews(new int[] {1, 3, 5, 9}), 1e-15);
  }

  @Test
  void matthewsOfTwoClassesIsTheirPearson() {
    var random = new SplittableRandom(7);
    int[] predicted = random.ints(50, 0, 2).toArray();
    int[] actual = random.ints(50, 0, 2).toArray();
    var correlation = new Correlation(doubles(predicted), doubles(actual));
    int[] sample = random.ints(60, 0, 50).toArray();
    assertEquals(
        correlation.pearson(sample), new LabelAgreement(predicted, actual).matthews(sample), 1e-12);
  }

  @Test
  void matthewsOfThreeClasses() {
    var agreement = new LabelAgreement(new int[] {0, 0, 1, 2, 2}, new int[] {0, 1, 1, 2, 2});
    // c = 4, s = 5, p = (2, 1, 2), t = (1, 2, 2): (4·5 − 8) / √((25 − 9)(25 − 9))
    assertEquals(12 / 16.0, ((Statistic) agreement::matthews).ofAll(5), 1e-15);
  }

  @Test
  void matthewsIsOneForTheSameAndZeroForAConstant() {
    int[] classes = {0, 1, 2, 3, 3};
    Statistic same = new LabelAgreement(classes, classes)::matthews;
    assertEquals(1, same.ofAll(5), 1e-15);
    Statistic swapped = new LabelAgreement(new int[] {0, 1}, new int[] {1, 0})::matthews;
    assertEquals(-1, swapped.ofAll(2), 1e-15);
    Statistic constant = new LabelAgreement(new int[] {2, 2, 2}, new int[] {0, 1, 2})::matthews;
    assertEquals(0, constant.ofAll(3));
  }

  @Test
  void classesThatDoNotFitAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LabelAgreement(new int[2], new int[3]));
    assertThrows(
        IllegalArgumentException.class, () -> new LabelAgreement(new int[] {-1}, new int[1]));
    assertThrows(
        IllegalArgumentException.class, () -> new LabelAgreement(new int[1], new int[] {-1}));
  }

  private static double[] doubles(int[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }
}
