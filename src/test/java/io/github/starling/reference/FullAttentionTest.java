package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FullAttentionTest {
  private static final double LN2 = Math.log(2.0);
  private static final double NAN = Double.NaN;

  @Test
  void aQueryGetsTheValuesUnderItsWeights() {
    // scores 2 ln 2, ln 2, 0: weights 4/7, 2/7, 1/7
    var head =
        new Head(
            new double[][] {{LN2}, {0.0}},
            new double[][] {{2}, {1}, {0}},
            new double[][] {{7, 0}, {0, 7}, {14, 7}});
    double third = 1 / 3.0;
    Rows.assertClose(
        new double[][] {{4 / 7.0, 2 / 7.0, 1 / 7.0}, {third, third, third}},
        FullAttention.weights(head, 1.0));
    Rows.assertClose(new double[][] {{6, 3}, {7, 14 / 3.0}}, FullAttention.attend(head, 1.0));
  }

  @Test
  void theScaleMultipliesTheScores() {
    // columns add up: q·K = 2 ln 2 and 0, halved: weights 2/3, 1/3
    var head =
        new Head(
            new double[][] {{LN2, 2 * LN2}},
            new double[][] {{0, 1}, {2, -1}},
            new double[][] {{3}, {9}});
    Rows.assertClose(new double[][] {{5}}, FullAttention.attend(head, 0.5));
  }

  @Test
  void withoutKeysTheOutputIsZeros() {
    var head = new Head(new double[][] {{1, 2}, {NAN, 2}}, new double[0][], new double[0][], 3);
    assertArrayEquals(new double[2][3], FullAttention.attend(head, 1.0));
  }

  @Test
  void aQueryThatIsNotFiniteSpoilsItsOwnRowOnly() {
    for (double bad : List.of(NAN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)) {
      for (double key : List.of(-1.0, 0.0, 1.0)) {
        var head =
            new Head(
                new double[][] {{bad, 1}, {0, 0}},
                new double[][] {{key, 1}, {key, 1}},
                new double[][] {{1}, {3}});
        assertArrayEquals(new double[][] {{NAN}, {2}}, FullAttention.attend(head, 1.0));
      }
    }
  }

  @Test
  void aNaNKeySpoilsEveryRow() {
    var head =
        new Head(new double[][] {{1}, {0}}, new double[][] {{1}, {NAN}}, new double[][] {{1}, {3}});
    assertArrayEquals(new double[][] {{NAN}, {NAN}}, FullAttention.attend(head, 1.0));
  }
}
