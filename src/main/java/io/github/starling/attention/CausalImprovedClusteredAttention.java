package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Causal improved clustered attention: exact scores on those top keys of the cluster that are not
 * after the query.
 *
 * <p>Clusters and top keys Tⱼ are those of {@link ImprovedClusteredAttention}. Query i of cluster j
 * has softmax over {t ∈ Tⱼ, t ≤ i} of its own scores, and every other key has no weight; if there
 * is no such key, it has exact causal attention over 0 .. i. What {@link
 * ImprovedClusteredAttention} takes from the centroid for the keys outside Tⱼ is left out: it is a
 * sum over all keys, shared by the cluster, while causal members would each need a sum over another
 * prefix. So do the authors, who leave a row without an admissible top key at zero.
 *
 * <p>No weight falls on a later key, but which top keys there are to choose from is a matter of all
 * queries, later ones too. O(n·k·(dk + dv) + n·C·dk), the clustering, and O(i·(dk + dv)) for each
 * query i without an admissible top key. Rows that are not finite as in {@link ClusteredAttention}.
 */
public final class CausalImprovedClusteredAttention implements Attention {
  private final ClusteredHeads heads;

  /**
   * Takes the options.
   *
   * @param options how queries are clustered
   * @param topK k, the keys of each cluster to choose from, ≥ 1
   * @throws IllegalArgumentException if k is less than 1
   */
  public CausalImprovedClusteredAttention(ClusterOptions options, int topK) {
    var settings = new ClusteredSettings(options, Checks.topK(topK), true);
    heads = new ClusteredHeads("causal-improved-clustered", settings);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if a head has not as many keys as queries
   */
  @Override
  public void attend(List<Head> heads, double scale, Workers workers) {
    Checks.selfAttention(heads, "causal-improved-clustered");
    this.heads.attend(heads, scale, workers, null);
  }
}
