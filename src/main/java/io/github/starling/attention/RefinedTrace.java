package io.github.starling.attention;

/**
 * What refined clustered attention did to one head.
 *
 * @param sketches of the queries, shape (n, {@link io.github.starling.kernel.QuerySketch#stride})
 * @param centres of the clusters, shape (C, 8)
 * @param assignment cluster of each query, shape (n)
 * @param exactKeys keys that each cluster's members score by themselves, rising, shape (C, any)
 */
record RefinedTrace(float[] sketches, float[] centres, int[] assignment, int[][] exactKeys) {
  /** Tells of each cluster and key whether it is exact, shape (C, m). */
  boolean[][] exact(int m) {
    var exact = new boolean[exactKeys.length][m];
    for (int c = 0; c < exact.length; c++) {
      for (int t : exactKeys[c]) {
        exact[c][t] = true;
      }
    }
    return exact;
  }
}
