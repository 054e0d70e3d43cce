package io.github.starling.reference;

/**
 * Angular hashing: which of some random directions and their opposites a query is nearest to.
 *
 * <p>Andoni et al., "Practical and Optimal LSH for Angular Distance", arXiv:1509.02897, with
 * directions that need not be at right angles, as in arXiv:2001.04451 §2: h(x) = argmax [xP, −xP].
 * Cost O(n·h·dk).
 */
public final class AngularHash {
  private AngularHash() {}

  /**
   * Hashes each query to a bucket.
   *
   * <p>Dot products are summed in double in column order, each product rounded before it is added;
   * the lowest bucket of equals. A query of zeros is in bucket 0.
   *
   * @param queries unscaled and finite, shape (n, dk)
   * @param directions P, shape (h, dk)
   * @return 0 .. h−1 for a direction, h .. 2h−1 for the opposite of one, shape (n)
   */
  public static int[] of(double[][] queries, double[][] directions) {
    double[][] products = MatrixProduct.timesTransposed(queries, directions);
    var buckets = new int[queries.length];
    for (int i = 0; i < buckets.length; i++) {
      int h = directions.length;
      var both = new double[2 * h];
      for (int b = 0; b < h; b++) {
        both[b] = products[i][b];
        both[h + b] = -products[i][b];
      }
      buckets[i] = Ranking.highest(both, 1)[0];
    }
    return buckets;
  }
}
