package io.github.starling.reference;

/**
 * Softmax: positive weights that sum to 1 and grow exponentially with the scores.
 *
 * <p>arXiv:2007.04825 §3.1, softmax(s)ₜ = exp(sₜ) / Σᵤ exp(sᵤ). Subtracting the maximum from every
 * score changes nothing in the quotient and keeps exp from overflowing.
 */
public final class Softmax {
  private Softmax() {}

  /**
   * Turns the scores of one query into its weights.
   *
   * <p>A score of −∞ has no weight. One NaN, one +∞, or nothing but −∞ makes every weight NaN.
   *
   * @param scores shape (m)
   * @return the weights, shape (m); empty if there is no score
   */
  public static double[] of(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }

    var weights = new double[scores.length];
    double sum = 0.0;
    for (int t = 0; t < scores.length; t++) {
      weights[t] = Math.exp(scores[t] - max);
      sum += weights[t];
    }
    for (int t = 0; t < scores.length; t++) {
      weights[t] /= sum;
    }
    return weights;
  }
}
