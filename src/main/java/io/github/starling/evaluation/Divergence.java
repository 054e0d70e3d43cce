package io.github.starling.evaluation;

import io.github.starling.kernel.LogSumExp;

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
    double logP = LogSumExp.of(exact);
    double logQ = LogSumExp.of(other);
    double sum = 0;
    for (int t = 0; t < exact.length; t++) {
      double p = exact[t] - logP;
      sum += Math.exp(p) * (p - (other[t] - logQ));
    }
    return sum;
  }
}
