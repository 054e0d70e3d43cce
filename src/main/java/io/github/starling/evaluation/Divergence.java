package io.github.starling.evaluation;

/**
 * How far a softmax is from another: Kullback and Leibler, Σ p ln(p / q), in nats.
 *
 * <p>0 for the same softmax, else above 0 and without a bound.
 */
final class Divergence {
  private Divergence() {}

  /**
   * Computes it.
   *
   * @param exact logits of p
   * @param other logits of q, as many
   */
  static double of(float[] exact, float[] other) {
    double logP = logSum(exact);
    double logQ = logSum(other);
    double sum = 0;
    for (int t = 0; t < exact.length; t++) {
      double p = exact[t] - logP;
      sum += Math.exp(p) * (p - (other[t] - logQ));
    }
    return sum;
  }

  /** Returns ln Σ e^logit. */
  private static double logSum(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum);
  }
}
