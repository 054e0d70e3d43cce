package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;

/** Compares float32 results with the double-precision reference. */
final class Agreement {
  /** Units in the last place of the largest value that any result may be off by. */
  private static final float ULPS = 4;

  /** In how many orders the plain implementation adds. */
  private static final int ORDERS = 8;

  private Agreement() {}

  /** A plain float32 implementation. */
  @FunctionalInterface
  interface Plain {
    float[][] attend(float[][] q, float[][] k, float[][] v);
  }

  /**
   * Asserts that the error is at most twice that of a plain float32 implementation and a few ulps,
   * the bound of the FlashAttention tests.
   */
  static void assertClose(double[][] exact, Head head, Plain plain, String what) {
    var q = head.query().toArray();
    var k = head.key().toArray();
    var v = head.value().toArray();
    double largest = 0;
    for (var row : exact) {
      for (double x : row) {
        largest = Math.max(largest, Math.abs(x));
      }
    }
    double error = error(exact, head.output().toArray());
    double bound = 0;
    var random = new Random(1);
    var order = new int[head.query().columns()];
    Arrays.setAll(order, d -> d);
    for (int i = 0; i < ORDERS; i++) {
      var plainOutput =
          plain.attend(PlainFloat.reordered(q, order), PlainFloat.reordered(k, order), v);
      bound = Math.max(bound, 2 * error(exact, plainOutput) + ULPS * Math.ulp((float) largest));
      if (error <= bound) {
        return;
      }
      shuffle(order, random);
    }
    assertEquals(bound, error, what + ": error above its bound");
  }

  private static void shuffle(int[] order, Random random) {
    for (int d = order.length - 1; d > 0; d--) {
      int other = random.nextInt(d + 1);
      int swapped = order[d];
      order[d] = order[other];
      order[other] = swapped;
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
