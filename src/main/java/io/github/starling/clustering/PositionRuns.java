package io.github.starling.clustering;

/**
 * Clusters of neighbours: query i of n is in cluster ⌊i·c / n⌋.
 *
 * <p>No hash and no K-means. Where positions decide what queries attend to, as rotary positions do
 * in speech, a clustering has to be better than this to be worth its time.
 */
public final class PositionRuns extends QueryGroups {
  private final int clusters;
  private int n;

  /**
   * Takes the number of clusters.
   *
   * @param clusters c, ≥ 1
   * @throws IllegalArgumentException if there is none
   */
  public PositionRuns(int clusters) {
    super(clusters);
    if (clusters < 1) {
      throw new IllegalArgumentException("there must be at least 1 cluster, not " + clusters);
    }
    this.clusters = clusters;
  }

  /** Clusters so many queries. */
  public void cluster(int queries) {
    n = queries;
  }

  @Override
  int queries() {
    return n;
  }

  @Override
  public int clusterOf(int query) {
    return (int) ((long) query * clusters / n);
  }
}
