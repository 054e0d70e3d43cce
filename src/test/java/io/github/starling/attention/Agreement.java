package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Compares float32 results with the double-precision reference. */
final class Agreement {
  /** Units in the last place of the largest value that any result may be off by. */
  private static final float ULPS = 4;

  private Agreement() {}

  /**
   * Asserts that the error is at most twice that of a plain float32 implementation and a few ulps;
   * the bound of the FlashAttention tests.
   */
  static void assertClose(double[][] exact, float[][] plain, float[][] actual, String what) {
    double largest = 0;
    for (var row : exact) {
      for (double x : row) {
        largest = Math.max(largest, Math.abs(x));
      }
    }
    double bound = 2 * error(exact, plain) + ULPS * Math.ulp((float) largest);
    double error = error(exact, actual);
    if (!(error <= bound)) {
      assertEquals(bound, error, what + ": error above its bound");
    }
  }

  /** Returns the largest absolute difference; NaN counts as equal to NaN only. */
  static double error(double[][] exact, float[][] actual) {
    assertEquals(exact.length, actual.length, "rows");
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int d = 0; d < exact[i].length; d++) {
        if (Double.isNaN(exact[i][d]) && Float.isNaN(actual[i][d])) {
          continue;
        }
        double difference = Math.abs(exact[i][d] - actual[i][d]);
        error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
      }
    }
    return error;
  }
}
