package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class SoftmaxTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void weightsAreProportionalToTheExponentials() {
    double[] scores = {0.0, Math.log(2.0), Math.log(4.0)};
    assertArrayEquals(new double[] {1 / 7.0, 2 / 7.0, 4 / 7.0}, Softmax.of(scores), Rows.ROUNDING);
  }

  @Test
  void hugeScoresDoNotOverflow() {
    double[] scores = {1e300, 1e300, -1e300};
    assertArrayEquals(new double[] {0.5, 0.5, 0.0}, Softmax.of(scores));
  }

  @Test
  void minusInfinityHasNoWeight() {
    assertArrayEquals(new double[] {0.0, 1.0}, Softmax.of(new double[] {-INFINITY, 3.0}));
  }

  @Test
  void whatHasNoQuotientIsNaN() {
    double[] nans = {NAN, NAN};
    assertArrayEquals(nans, Softmax.of(new double[] {1.0, NAN}));
    assertArrayEquals(nans, Softmax.of(new double[] {1.0, INFINITY}));
    assertArrayEquals(nans, Softmax.of(new double[] {-INFINITY, -INFINITY}));
  }

  @Test
  void noScoresNoWeights() {
    assertArrayEquals(new double[0], Softmax.of(new double[0]));
  }
}
