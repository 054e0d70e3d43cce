package io.github.starling.reference;

import java.util.Arrays;

/**
 * Oracle top-k attention: each query weighs only the k keys that it scores highest.
 *
 * <p>The oracle-top baseline of arXiv:2007.04825 §4: softmax over the k highest scores, found
 * exactly. It costs as much as full attention, O(n·m·dk), and shows what the best choice of k keys
 * gives.
 */
public final class OracleTopKAttention {
  private OracleTopKAttention() {}

  /**
   * Attends to the best keys of each query.
   *
   * @param head queries, keys and values: (n, dk), (m, dk), (m, dv)
   * @param k keys of a query, at least 1; full attention if k ≥ m
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   * @throws IllegalArgumentException if k is below 1
   */
  public static double[][] attend(Head head, int k, double scale) {
    return MatrixProduct.times(weights(head, k, scale), head.values(), head.valueWidth());
  }

  /**
   * Returns the weights of each query.
   *
   * <p>Ranked by the dot product before it is scaled, ties to the lowest key. One NaN among the
   * scores of a query makes its row NaN, in the top k or not: the order of its keys is unknown.
   *
   * @param head queries and keys: (n, dk), (m, dk)
   * @param k keys of a query, at least 1
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return shape (n, m), zero outside the top k
   * @throws IllegalArgumentException if k is below 1
   */
  public static double[][] weights(Head head, int k, double scale) {
    double[][] products = MatrixProduct.timesTransposed(head.queries(), head.keys());
    var weights = new double[products.length][head.keys().length];
    for (int i = 0; i < weights.length; i++) {
      int[] top = Ranking.highest(products[i], k);
      double[] own =
          Softmax.of(FullAttention.scaled(ImprovedClusteredAttention.at(top, products[i]), scale));
      for (int r = 0; r < top.length; r++) {
        weights[i][top[r]] = own[r];
      }
      if (Arrays.stream(products[i]).anyMatch(Double::isNaN)) {
        Arrays.fill(weights[i], Double.NaN);
      }
    }
    return weights;
  }
}
