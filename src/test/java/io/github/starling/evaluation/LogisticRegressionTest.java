package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  private static final int CLASSES = 3;

  /** Items of three overlapping classes, shape (60, 5); the last feature is constant. */
  private final float[][] features = new float[60][5];

  private final int[] labels = new int[60];

  LogisticRegressionTest() {
    var random = new Random(8);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(CLASSES);
      for (int j = 0; j < 4; j++) {
        features[i][j] =
            (float) (100 * j + (j + 1) * (random.nextGaussian() + (j == labels[i] ? 1.5 : 0)));
      }
      features[i][4] = 0.3f;
    }
  }

  @Test
  void noDirectionLeadsDownFromTheResult() {
    double[] w = LogisticRegression.train(features, labels, CLASSES, 2).parameters();
    double least = naiveLoss(w, 2);
    // the loss is convex: where its slope is zero it is least
    for (int p = 0; p < w.length; p++) {
      double[] ahead = w.clone();
      double[] behind = w.clone();
      ahead[p] += 1e-4;
      behind[p] -= 1e-4;
      double slope = (naiveLoss(ahead, 2) - naiveLoss(behind, 2)) / 2e-4;
      assertEquals(0, slope, 2e-5, "parameter " + p);
      assertTrue(naiveLoss(ahead, 2) >= least && naiveLoss(behind, 2) >= least);
    }
  }

  /** The loss by its definition, standardisation included. */
  private double naiveLoss(double[] w, double penalty) {
    double loss = 0;
    for (int p = 0; p < w.length; p++) {
      loss += p % 6 == 5 ? 0 : penalty / 2 * w[p] * w[p];
    }
    for (int i = 0; i < labels.length; i++) {
      double sum = 0;
      double right = 0;
      for (int k = 0; k < CLASSES; k++) {
        double score = w[k * 6 + 5];
        for (int j = 0; j < 5; j++) {
          int column = j;
          double mean = Arrays.stream(features).mapToDouble(f -> f[column]).average().orElse(0);
          double variance =
              Arrays.stream(features)
                  .mapToDouble(f -> Math.pow(f[column] - mean, 2))
                  .average()
                  .orElse(0);
          score +=
              variance < 1e-12 ? 0 : w[k * 6 + j] * (features[i][j] - mean) / Math.sqrt(variance);
        }
        sum += Math.exp(score);
        right = k == labels[i] ? score : right;
      }
      loss += Math.log(sum) - right;
    }
    return loss;
  }

  @Test
  void oneFeatureOfTwoClassesEndsWhereAGridIsLowest() {
    // by symmetry b = 0 and W = (−w, w); items ±1 are right three times and wrong once
    float[][] x = {{-1}, {-1}, {-1}, {1}, {1}, {1}, {-1}, {1}};
    int[] y = {0, 0, 0, 1, 1, 1, 1, 0};
    double best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step < 200_000; step++) {
      double w = step * 1e-5;
      double loss = 6 * Math.log1p(Math.exp(-2 * w)) + 2 * Math.log1p(Math.exp(2 * w)) + w * w;
      if (loss < least) {
        least = loss;
        best = w;
      }
    }
    var found = LogisticRegression.train(x, y, 2, 1).parameters();
    assertArrayEquals(new double[] {-best, 0, best, 0}, found, 1e-5);
  }

  @Test
  void biasesAloneGiveTheSharesOfTheClasses() {
    // a constant feature says nothing: P = (1/4, 3/4)
    var found =
        LogisticRegression.train(new float[][] {{7}, {7}, {7}, {7}}, new int[] {0, 1, 1, 1}, 2, 1);
    double[] w = found.parameters();
    assertEquals(Math.log(3), w[3] - w[1], 1e-5);
    assertArrayEquals(new int[] {1, 1}, found.predict(new float[][] {{7}, {-9}}));
  }

  @Test
  void separableClassesArePredictedAsLearnt() {
    float[][] x = {{0, 0}, {1, 0}, {0, 10}, {1, 11}, {20, 0}, {21, 1}};
    int[] y = {0, 0, 1, 1, 2, 2};
    var found = LogisticRegression.train(x, y, 3, 1e-3);
    assertArrayEquals(y, found.predict(x));
    assertArrayEquals(new int[] {2, 1}, found.predict(new float[][] {{30, 2}, {-3, 30}}));
  }

  @Test
  void whenNothingIsKnownTheLowestClassIsPredicted() {
    var found = LogisticRegression.train(new float[][] {{1}, {1}}, new int[] {1, 0}, 2, 1);
    assertArrayEquals(new int[] {0}, found.predict(new float[][] {{1}}));
  }

  @Test
  void otherNamesOfTheClassesChangeNothingElse() {
    int[] renamed = Arrays.stream(labels).map(k -> (k + 1) % CLASSES).toArray();
    int[] plain = LogisticRegression.train(features, labels, CLASSES, 1).predict(features);
    int[] other = LogisticRegression.train(features, renamed, CLASSES, 1).predict(features);
    assertArrayEquals(Arrays.stream(plain).map(k -> (k + 1) % CLASSES).toArray(), other);
    assertTrue(Arrays.stream(plain).distinct().count() == CLASSES);
  }

  @Test
  void everyTrainingGivesTheSameBits() {
    assertArrayEquals(
        LogisticRegression.train(features, labels, CLASSES, 1).parameters(),
        LogisticRegression.train(features, labels, CLASSES, 1).parameters());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    refused(new float[0][2], new int[0], 1);
    refused(new float[2][2], new int[3], 1);
    refused(new float[][] {{1, 2}, {1}}, new int[2], 1);
    refused(new float[][] {{1}, {Float.NaN}}, new int[2], 1);
    refused(new float[2][2], new int[2], 0);
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> LogisticRegression.train(new float[2][1], new int[] {0, 2}, 2, 1));
    var trained = LogisticRegression.train(features, labels, CLASSES, 1);
    assertThrows(IllegalArgumentException.class, () -> trained.predict(new float[1][4]));
  }

  private static void refused(float[][] features, int[] labels, double penalty) {
    assertThrows(
        IllegalArgumentException.class,
        () -> LogisticRegression.train(features, labels, 2, penalty));
  }
}
