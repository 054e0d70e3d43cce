package io.github.starling.reference;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Causal improved clustered attention: exact scores on those top keys of the cluster that are not
 * after the query.
 *
 * <p>With Tⱼ of {@link ImprovedClusteredAttention}, query i of cluster j has softmax over {t ∈ Tⱼ,
 * t ≤ i} of its own scores, exact causal attention if that is empty, and no weight elsewhere. The
 * centroid's weight on the other keys, which arXiv:2007.04825 §3.3 keeps, would have to be summed
 * anew over the prefix of each query; like the authors' code this leaves it out. Cost O(n·k·max(dk,
 * dv)) besides the choice of Tⱼ.
 */
public final class CausalImprovedClusteredAttention {
  private CausalImprovedClusteredAttention() {}

  /**
   * Attends to the earlier top keys.
   *
   * @param head queries, keys and values: (n, dk), (n, dk), (n, dv)
   * @param clustering which cluster each query is in
   * @param k top keys of a cluster, at least 1; causal attention if k ≥ n
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   * @throws IllegalArgumentException if k is below 1, queries and keys differ in number, or the
   *     clustering is of another number of queries
   */
  public static double[][] attend(Head head, Clustering clustering, int k, double scale) {
    head.requireSelf();
    int[][] topKeys = ImprovedClusteredAttention.topKeys(head, clustering, k);
    var output = new double[head.queries().length][];
    for (int i = 0; i < output.length; i++) {
      int own = i;
      int[] top = topKeys[clustering.clusterOf(i)];
      int[] seen = Arrays.stream(top).filter(t -> t <= own).toArray();
      if (seen.length == 0) {
        seen = IntStream.rangeClosed(0, i).toArray();
      }
      output[i] = FullAttention.attend(head.of(i, seen), scale)[0];
    }
    return output;
  }
}
