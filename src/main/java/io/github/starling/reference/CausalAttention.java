package io.github.starling.reference;

import java.util.stream.IntStream;

/**
 * Causal attention: every query weighs the keys up to its own position.
 *
 * <p>Vaswani et al., arXiv:1706.03762 §3.2.3, the mask of a decoder. Cost O(n²·max(dk, dv)).
 */
public final class CausalAttention {
  private CausalAttention() {}

  /**
   * Attends to the keys up to each query.
   *
   * @param head queries, keys and values: (n, dk), (n, dk), (n, dv)
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   * @throws IllegalArgumentException if queries and keys differ in number
   */
  public static double[][] attend(Head head, double scale) {
    head.requireSelf();
    var output = new double[head.queries().length][];
    for (int i = 0; i < output.length; i++) {
      int[] seen = IntStream.rangeClosed(0, i).toArray();
      output[i] = FullAttention.attend(head.of(i, seen), scale)[0];
    }
    return output;
  }
}
