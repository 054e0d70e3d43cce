package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Improved clustered attention: the keys that a cluster attends to most get their exact scores.
 *
 * <p>arXiv:2007.04825 §3.3: Tⱼ are the k keys with the highest Qᶜⱼ·K, ties to the lowest; m̂ⱼ is
 * the centroid's weight on them. A member's weight on t ∈ Tⱼ is m̂ⱼ times its own softmax over Tⱼ;
 * every other key keeps the centroid's weight. O(n·(C + k)·(dk + dv)) and the clustering. Fewer
 * keys than k give full attention, C ≥ n with singleton clusters too. Rows that are not finite as
 * in {@link ClusteredAttention}.
 */
public final class ImprovedClusteredAttention implements Attention {
  private final ClusteredHeads clustered;
  private final LongHeads longHeads;

  /**
   * Takes the options.
   *
   * @param options how queries are clustered
   * @param topK k, the keys of each cluster with exact scores, ≥ 1
   * @throws IllegalArgumentException if k is less than 1
   */
  public ImprovedClusteredAttention(ClusterOptions options, int topK) {
    var settings = new ClusteredSettings(options, Checks.topK(topK), false);
    clustered = new ClusteredHeads("improved-clustered", settings);
    longHeads =
        new LongHeads(
            head -> head.key().rows() <= topK,
            (heads, scale, workers) -> clustered.attend(heads, scale, workers, null));
  }

  /**
   * {@inheritDoc} A head of at most k keys is full attention, and computed as that: it is faster.
   */
  @Override
  public void attend(List<Head> heads, double scale, Workers workers) {
    longHeads.attend(heads, scale, workers);
  }

  /** Does the same by clusters whatever the length, and hands out what was done to each head. */
  public void attend(List<Head> heads, double scale, Workers workers, HeadTrace.Listener listener) {
    clustered.attend(heads, scale, workers, listener);
  }
}
