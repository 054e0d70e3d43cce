package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticCurvatureTest {
  @Test
  void divisionSolvesTheSystem() {
    // XᵀX = ((8, 4), (4, 6)) of 4 items, so A = ((4 + 1, 2), (2, 3 + 1)), and 4/2 for the bias
    var items = new double[][] {{2, 1}, {-2, -1}, {0, Math.sqrt(2)}, {0, -Math.sqrt(2)}};
    double[] vector = {5 * 3 + 2 * -1, 2 * 3 + 4 * -1, 2 * 7, 5, 2, 0};
    new LogisticCurvature(items, 2, 1).divide(vector);
    assertArrayEquals(new double[] {3, -1, 7, 1, 0, 0}, vector, 1e-8);
  }

  @Test
  void itIsTheSlopeOfTheGradientAtZero() {
    // five items: a block of four and one more
    var random = new Random(3);
    double[][] items = new double[5][3];
    for (int j = 0; j < 3; j++) {
      for (int i = 0; i < 4; i++) {
        items[i][j] = random.nextGaussian();
        items[4][j] -= items[i][j];
      }
    }
    var loss = new LogisticLoss(items, new int[] {0, 1, 1, 0, 2}, 3, 0.4);
    double[] change = random.doubles(12, -1, 1).toArray();
    for (int p = 0; p < 4; p++) {
      // over the classes it sums to zero
      change[8 + p] = -change[p] - change[4 + p];
    }
    double step = 1e-4;
    var ahead = new double[12];
    var behind = new double[12];
    loss.at(Arrays.stream(change).map(x -> x * step).toArray(), ahead);
    loss.at(Arrays.stream(change).map(x -> -x * step).toArray(), behind);
    var slope = new double[12];
    Arrays.setAll(slope, p -> (ahead[p] - behind[p]) / (2 * step));
    loss.divideByCurvature(slope);
    assertArrayEquals(change, slope, 1e-6);
  }

  @Test
  void copiesOfAFeatureDoNotBreakIt() {
    var items = new double[][] {{1, 1, 1}, {-1, -1, -1}};
    double[] vector = {1, 1, 1, 0};
    new LogisticCurvature(items, 1, 1e-12).divide(vector);
    double sum = vector[0] + vector[1] + vector[2];
    assertEquals(0.5, sum, 1e-6);
  }
}
