package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticLossTest {
  @Test
  void itIsTheNegativeLogOfTheProbabilitiesWithThePenalty() {
    // rows of W: (ln 2, 0) and (0, ln 3); b = (0, ln 5); items (1, 0) and (0, 1)
    var parameters = new double[] {Math.log(2), 0, 0, 0, Math.log(3), Math.log(5)};
    var loss = new LogisticLoss(new double[][] {{1, 0}, {0, 1}}, new int[] {0, 1}, 2, 0.5);
    // the exponentials of the scores are (2, 5) and (1, 15)
    double logs = -Math.log(2 / 7.0) - Math.log(15 / 16.0);
    double squares = Math.pow(Math.log(2), 2) + Math.pow(Math.log(3), 2);
    var gradient = new double[6];
    assertEquals(logs + 0.25 * squares, loss.at(parameters, gradient), 1e-12);
    // item 0 misses by (−5/7, 5/7), item 1 by (1/16, −1/16)
    assertEquals(-5 / 7.0 + 0.5 * Math.log(2), gradient[0], 1e-12);
    assertEquals(1 / 16.0, gradient[1], 1e-12);
    assertEquals(-5 / 7.0 + 1 / 16.0, gradient[2], 1e-12);
  }

  @Test
  void theGradientIsTheSlope() {
    var random = new Random(4);
    // 6 features: four sums and a rest of two
    var items = new double[9][6];
    for (double[] item : items) {
      for (int j = 0; j < item.length; j++) {
        item[j] = random.nextGaussian();
      }
    }
    var loss = new LogisticLoss(items, new int[] {0, 1, 2, 0, 1, 2, 0, 0, 0}, 3, 0.7);
    double[] x = random.doubles(21, -1, 1).toArray();
    var gradient = new double[21];
    loss.at(x, gradient);
    double step = 1e-5;
    for (int p = 0; p < x.length; p++) {
      double[] ahead = x.clone();
      double[] behind = x.clone();
      ahead[p] += step;
      behind[p] -= step;
      double slope =
          (loss.at(ahead, new double[21]) - loss.at(behind, new double[21])) / (2 * step);
      assertEquals(slope, gradient[p], 1e-7, "parameter " + p);
    }
  }

  @Test
  void hugeScoresDoNotOverflow() {
    var loss = new LogisticLoss(new double[][] {{1}}, new int[] {1}, 2, 1e-9);
    // scores 5000 and 0: −ln P = 5000 but for the penalty of 0.0125
    assertEquals(5000.0125, loss.at(new double[] {5000, 0, 0, 0}, new double[4]), 1e-6);
  }
}
