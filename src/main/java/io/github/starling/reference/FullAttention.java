package io.github.starling.reference;

/**
 * Full attention: every query weighs every key.
 *
 * <p>arXiv:2007.04825 §3.1: A = softmax(τ Q Kᵀ), row by row, output = A V. Cost O(n·m·max(dk, dv)).
 */
public final class FullAttention {
  private FullAttention() {}

  /**
   * Attends to the keys.
   *
   * @param head queries, keys and values: (n, dk), (m, dk), (m, dv)
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return A V, shape (n, dv)
   */
  public static double[][] attend(Head head, double scale) {
    return MatrixProduct.times(weights(head, scale), head.values(), head.valueWidth());
  }

  /**
   * Returns the attention matrix.
   *
   * @param head queries and keys: (n, dk), (m, dk)
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return A, shape (n, m); every row sums to 1
   */
  public static double[][] weights(Head head, double scale) {
    double[][] products = MatrixProduct.timesTransposed(head.queries(), head.keys());
    var weights = new double[products.length][];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Softmax.of(scaled(products[i], scale));
    }
    return weights;
  }

  /** The dot product is rounded first and multiplied by τ after. */
  static double[] scaled(double[] products, double scale) {
    var scores = new double[products.length];
    for (int t = 0; t < scores.length; t++) {
      scores[t] = products[t] * scale;
    }
    return scores;
  }
}
