package io.github.starling.reference;

/**
 * Sign random projections: on which side of each of b random planes a query lies.
 *
 * <p>Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002, as used by
 * arXiv:2007.04825 §3.2.2 to cluster queries. Two queries at angle θ lie on the same side of a
 * random plane through the origin with probability 1 − θ/π, so the Hamming distance of two
 * signatures estimates the angle. Cost O(n·b·dk).
 */
public final class Signatures {
  private Signatures() {}

  /**
   * Hashes each query to one word.
   *
   * <p>Bit j is 1 iff q·plane > threshold, strictly, where q·plane is summed in double over columns
   * 0 .. dk−1 in that order from 0.0, each product rounded before it is added (no fused operation);
   * a NaN sum gives 0. Bit 0 is the least significant, bits b and above are 0. Queries and planes
   * are float32 values in doubles, so a product is exact and only the sums round.
   *
   * @param queries unscaled, shape (n, dk)
   * @param planes shape (b, dk + 1), the last column the threshold
   * @return shape (n)
   * @throws IllegalArgumentException if b is not in 1 .. 64, or planes and queries differ in width
   */
  public static long[] of(double[][] queries, double[][] planes) {
    if (planes.length < 1 || planes.length > Long.SIZE) {
      throw new IllegalArgumentException(
          "a signature has 1 to 64 bits but there are " + planes.length + " planes");
    }
    var signatures = new long[queries.length];
    for (int i = 0; i < queries.length; i++) {
      for (int j = 0; j < planes.length; j++) {
        if (isAbove(planes[j], queries[i])) {
          signatures[i] |= 1L << j;
        }
      }
    }
    return signatures;
  }

  private static boolean isAbove(double[] plane, double[] query) {
    int dk = query.length;
    if (plane.length != dk + 1) {
      throw new IllegalArgumentException(
          "queries have %d columns, so planes should have %d, but they have %d"
              .formatted(dk, dk + 1, plane.length));
    }
    double sum = 0.0;
    for (int j = 0; j < dk; j++) {
      sum += query[j] * plane[j];
    }
    return sum > plane[dk];
  }
}
