package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

/** Assertions and norms on rows of numbers. */
final class Rows {
  /** A few roundings of numbers near 1. */
  static final double ROUNDING = 1e-13;

  private Rows() {}

  static void assertClose(double[][] expected, double[][] actual) {
    assertEquals(expected.length, actual.length, "rows");
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i], ROUNDING, "row " + i);
    }
  }

  static void assertEachSumsToOne(double[][] weights) {
    for (int i = 0; i < weights.length; i++) {
      double sum = 0.0;
      for (double weight : weights[i]) {
        sum += weight;
      }
      assertEquals(1.0, sum, ROUNDING, "sum of row " + i);
    }
  }

  /** Σ |aⱼ − bⱼ|. */
  static double l1(double[] a, double[] b) {
    double sum = 0.0;
    for (int j = 0; j < a.length; j++) {
      sum += Math.abs(a[j] - b[j]);
    }
    return sum;
  }

  /** √Σ (aⱼ − bⱼ)². */
  static double l2(double[] a, double[] b) {
    double sum = 0.0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return Math.sqrt(sum);
  }

  /** ‖K‖₂, the largest singular value, by power iteration on KᵀK: it converges from below. */
  static double spectralNorm(double[][] k) {
    int dk = k[0].length;
    var x = new double[1][dk];
    Arrays.fill(x[0], 1.0);
    double norm = 0.0;
    for (int iteration = 0; iteration < 500; iteration++) {
      double[][] kx = MatrixProduct.timesTransposed(x, k); // (1, m)
      x = MatrixProduct.times(kx, k, dk);
      double length = l2(x[0], new double[dk]);
      norm = Math.sqrt(length);
      for (int j = 0; j < dk; j++) {
        x[0][j] /= length;
      }
    }
    return norm;
  }
}
