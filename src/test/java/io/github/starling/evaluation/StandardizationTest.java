package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class StandardizationTest {
  @Test
  void featuresGetMeanZeroAndDeviationOne() {
    // means 3 and 10, deviations √((4 + 0 + 4) / 3) and √((100 + 25 + 225) / 3)
    var standardization = Standardization.of(new float[][] {{1, 0}, {3, 5}, {5, 25}});
    double first = Math.sqrt(8 / 3.0);
    double second = Math.sqrt(350 / 3.0);
    assertArrayEquals(
        new double[] {-2 / first, 15 / second}, standardization.apply(new float[] {1, 25}), 1e-12);
    assertArrayEquals(new double[2], standardization.apply(new float[] {3, 10}), 1e-12);
  }

  @Test
  void aConstantFeatureBecomesZero() {
    var rows = new float[1001][1];
    for (float[] row : rows) {
      row[0] = 0.1f;
    }
    assertArrayEquals(new double[1], Standardization.of(rows).apply(new float[] {0.1f}));
  }
}
