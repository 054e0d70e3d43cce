package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Clustered attention: the queries of a cluster share the attention of their centroid.
 *
 * <p>arXiv:2007.04825 §3.2: Aᶜ = softmax(τ Qᶜ Kᵀ), Vᶜ = Aᶜ V; query i gets Vᶜ of its cluster.
 * O(n·C· (dk + dv)) and the clustering, O(n·C·L + n·dk·B). A query that holds a value that is not
 * finite gets a row of NaN and takes no part in its centroid. A head without keys gives zeros.
 */
public final class ClusteredAttention implements Attention {
  private final ClusteredHeads heads;

  /**
   * Takes the options.
   *
   * @param options how queries are clustered
   */
  public ClusteredAttention(ClusterOptions options) {
    var settings = new ClusteredSettings(options, 0, false);
    heads = new ClusteredHeads("clustered", settings);
  }

  @Override
  public void attend(List<Head> heads, double scale, Workers workers) {
    this.heads.attend(heads, scale, workers, null);
  }

  /** Does the same and hands out what was done to each head. */
  public void attend(List<Head> heads, double scale, Workers workers, HeadTrace.Listener listener) {
    this.heads.attend(heads, scale, workers, listener);
  }
}
