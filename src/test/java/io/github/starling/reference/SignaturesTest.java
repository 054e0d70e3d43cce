package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SignaturesTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void bitZeroIsTheFirstPlaneAndTheLeastSignificant() {
    double[][] planes = {{1, 0, 0}, {0, 1, 0}, {-1, -1, 0}};
    double[][] queries = {{2, -3}, {-2, 3}, {1, 1}, {-1, -1}};
    assertArrayEquals(new long[] {0b101, 0b010, 0b011, 0b100}, Signatures.of(queries, planes));
  }

  @Test
  void aSumEqualToTheThresholdGivesZero() {
    double[][] planes = {{1, 2, 5}};
    double[][] queries = {{1, 2}, {1, Math.nextUp(2.0)}, {1, Math.nextDown(2.0)}};
    assertArrayEquals(new long[] {0, 1, 0}, Signatures.of(queries, planes));
  }

  @Test
  void sumsAreTakenInColumnOrder() {
    // 2^53 + 1 rounds to 2^53: from the left the sum is 0, from the right it is 1
    double big = 0x1p53;
    double[][] planes = {{1, 1, 1, 0.5}};
    assertArrayEquals(new long[] {0}, Signatures.of(new double[][] {{1, big, -big}}, planes));
    assertArrayEquals(new long[] {1}, Signatures.of(new double[][] {{-big, big, 1}}, planes));
  }

  @Test
  void productsAreRoundedBeforeTheyAreAdded() {
    // (1 + 2^-52)² rounds to 1 + 2^-51, so the sum is exactly 0; fused it would keep 2^-104
    double x = 1 + 0x1p-52;
    double[][] planes = {{1, x, 0}};
    double[][] queries = {{-(1 + 0x1p-51), x}};
    assertArrayEquals(new long[] {0}, Signatures.of(queries, planes));
  }

  @Test
  void nanGivesZeroAndInfinityItsSide() {
    double[][] planes = {{1, 0, 0}, {-1, -1, 0}, {1, 1, NAN}};
    double[][] queries = {{NAN, 1}, {INFINITY, 1}, {INFINITY, -INFINITY}, {1, 1}};
    // ∞·0 is NaN: the first plane sees no infinity in the second column
    assertArrayEquals(new long[] {0, 0b001, 0, 0b001}, Signatures.of(queries, planes));
  }

  @Test
  void sixtyFourPlanesFillTheWord() {
    var planes = new double[64][2];
    planes[0][0] = 1;
    planes[63][0] = 1;
    double[][] queries = {{1}, {-1}};
    assertArrayEquals(new long[] {Long.MIN_VALUE | 1, 0}, Signatures.of(queries, planes));
    for (double[] plane : planes) {
      plane[0] = 1;
    }
    assertArrayEquals(new long[] {-1, 0}, Signatures.of(queries, planes));
  }

  /** Bits agree with probability 1 − θ/π; 64,000 planes put 4 standard deviations at 0.008. */
  @Test
  void bitsAgreeInProportionToTheAngle() {
    int calls = 1_000;
    for (int dk : new int[] {2, 3, 64}) {
      for (double angle : new double[] {0.0, 0.3, 1.0, Math.PI / 2, 2.5, Math.PI}) {
        long seed = Double.hashCode(angle) + dk;
        var random = new SplittableRandom(seed);
        long agreeing = 0;
        for (int call = 0; call < calls; call++) {
          double[][] planes = RandomHead.rows(random, 64, dk + 1);
          Arrays.stream(planes).forEach(plane -> plane[dk] = 0.0);
          long[] signatures = Signatures.of(pairAt(angle, dk), planes);
          agreeing += 64 - Long.bitCount(signatures[0] ^ signatures[1]);
        }
        double p = 1 - angle / Math.PI;
        double deviation = Math.sqrt(p * (1 - p) / (64.0 * calls));
        assertEquals(
            p,
            agreeing / (64.0 * calls),
            4 * deviation,
            "dk %d, angle %s, seed %d".formatted(dk, angle, seed));
      }
    }
  }

  /** Two vectors of different lengths, since only their angle counts. */
  private static double[][] pairAt(double angle, int dk) {
    var pair = new double[2][dk];
    pair[0][0] = 1;
    pair[1][0] = 5 * Math.cos(angle);
    pair[1][dk - 1] = angle == Math.PI ? 0 : 5 * Math.sin(angle);
    return pair;
  }

  @Test
  void badPlanesAreNamed() {
    double[][] queries = {{1, 2}};
    assertRefused("a signature has 1 to 64 bits but there are 0 planes", queries, new double[0][]);
    assertRefused(
        "a signature has 1 to 64 bits but there are 65 planes", queries, new double[65][3]);
    assertRefused(
        "queries have 2 columns, so planes should have 3, but they have 2",
        queries,
        new double[1][2]);
  }

  private static void assertRefused(String message, double[][] queries, double[][] planes) {
    var refused =
        assertThrows(IllegalArgumentException.class, () -> Signatures.of(queries, planes));
    assertEquals(message, refused.getMessage());
  }
}
