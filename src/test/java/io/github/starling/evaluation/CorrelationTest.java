package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CorrelationTest {
  @Test
  void pearsonIsTheCovarianceByTheDeviations() {
    // deviations from the means 3 and 4: (−2, 0, 2) and (−3, 1, 2), covariance 10, squares 8, 14
    var correlation = new Correlation(new double[] {1, 3, 5}, new double[] {1, 5, 6});
    double pearson = 10 / Math.sqrt(8 * 14);
    assertEquals(pearson, all(correlation::pearson, 3), 1e-15);
  }

  @Test
  void equalScoresShareTheirMeanRank() {
    // ranks (1, 2.5, 2.5, 4) and (3, 1, 3, 3): deviations (−1.5, 0, 0, 1.5) and (.5, −1.5, .5, .5)
    var half = new Correlation(new double[] {10, 20, 20, 90}, new double[] {8, 7, 8, 8});
    assertEquals(0, all(half::spearman, 4), 1e-15);
    // the same with (1, 2, 3, 4): deviations (−1.5, −.5, .5, 1.5), covariance 4.5, squares 4.5, 5
    var rising = new Correlation(new double[] {10, 20, 20, 90}, new double[] {0, 1, 1.1, 7});
    assertEquals(4.5 / Math.sqrt(4.5 * 5), all(rising::spearman, 4), 1e-15);
  }

  @Test
  void theSampleSaysWhichItemsCountHowOften() {
    var correlation = new Correlation(new double[] {9, 1, 3, 5, 0}, new double[] {-9, 1, 5, 6, 0});
    assertEquals(10 / Math.sqrt(8 * 14), correlation.pearson(new int[] {3, 1, 2}), 1e-15);
    // (1, 1), (1, 1), (3, 5) lie on a line
    assertEquals(1, correlation.pearson(new int[] {1, 1, 2}), 1e-15);
  }

  @Test
  void aConstantScoreHasNone() {
    var correlation = new Correlation(new double[] {0.1, 0.1, 0.1}, new double[] {1, 2, 3});
    assertEquals(Double.NaN, all(correlation::pearson, 3));
    assertEquals(Double.NaN, all(correlation::spearman, 3));
    assertEquals(Double.NaN, correlation.spearman(new int[0]));
  }

  @Test
  void nanStaysNan() {
    var correlation = new Correlation(new double[] {1, 2, Double.NaN}, new double[] {1, 2, 3});
    assertEquals(Double.NaN, all(correlation::pearson, 3));
    assertEquals(Double.NaN, all(correlation::spearman, 3));
    assertEquals(1, correlation.spearman(new int[] {0, 1}), 1e-15);
  }

  @Test
  void zerosOfBothSignsAreTied() {
    // ranks (1.5, 1.5, 3) and (1, 2, 3): covariance 1.5, squares 1.5, 2
    var correlation = new Correlation(new double[] {0.0, -0.0, 1}, new double[] {1, 2, 3});
    assertEquals(1.5 / Math.sqrt(1.5 * 2), all(correlation::spearman, 3), 1e-15);
  }

  @Test
  void scoresThatDifferInNumberAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Correlation(new double[2], new double[3]));
  }

  private static double all(Statistic statistic, int items) {
    return statistic.ofAll(items);
  }
}
