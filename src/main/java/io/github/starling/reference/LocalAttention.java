package io.github.starling.reference;

import java.util.stream.IntStream;

/**
 * Local attention: every query weighs the keys in a window around its own position.
 *
 * <p>The sliding window of Longformer, arXiv:2004.05150 §3.1: key t counts for query i iff |i − t|
 * ≤ w / 2. Cost O(n·w·max(dk, dv)).
 */
public final class LocalAttention {
  private LocalAttention() {}

  /**
   * Attends to the keys of each window.
   *
   * @param head queries, keys and values: (n, dk), (n, dk), (n, dv)
   * @param window w, at least 1
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   * @throws IllegalArgumentException if w is below 1, or queries and keys differ in number
   */
  public static double[][] attend(Head head, int window, double scale) {
    if (window < 1) {
      throw new IllegalArgumentException("the window must be at least 1, not " + window);
    }
    head.requireSelf();
    int n = head.queries().length;
    int reach = window / 2;
    var output = new double[n][];
    for (int i = 0; i < n; i++) {
      int first = Math.max(0, i - reach);
      int[] seen = IntStream.range(first, (int) Math.min(n, i + reach + 1L)).toArray();
      output[i] = FullAttention.attend(head.of(i, seen), scale)[0];
    }
    return output;
  }
}
