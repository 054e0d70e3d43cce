package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.tensor.Matrix;

/** Compares float32 with double precision. */
final class Close {
  private static final double TOLERANCE = 2e-5;

  private Close() {}

  static void check(double[][] expected, Matrix found, String what) {
    assertEquals(expected.length, found.rows(), what);
    for (int r = 0; r < expected.length; r++) {
      check(expected[r], found.rows(r, 1).toArray()[0], what + ", row " + r);
    }
  }

  private static void check(double[] expected, float[] found, String what) {
    assertEquals(expected.length, found.length, what);
    for (int c = 0; c < expected.length; c++) {
      double bound = TOLERANCE * Math.max(1, Math.abs(expected[c]));
      assertEquals(expected[c], found[c], bound, what + ", column " + c);
    }
  }

  /** Returns the softmax of a row. */
  static double[] softmax(double[] logits) {
    var shares = new double[logits.length];
    double total = 0;
    for (double logit : logits) {
      total += Math.exp(logit);
    }
    for (int c = 0; c < shares.length; c++) {
      shares[c] = Math.exp(logits[c]) / total;
    }
    return shares;
  }
}
