package io.github.starling.clustering;

import java.util.Arrays;

/** Queries that are each in a cluster, and their order by it. */
public abstract sealed class QueryGroups permits HammingKMeans, SketchKMeans, PositionRuns {
  private final int[] ends;

  QueryGroups(int clusters) {
    ends = new int[clusters];
  }

  /** Returns how many queries there are. */
  abstract int queries();

  /** Returns the cluster of a query. */
  public abstract int clusterOf(int query);

  /**
   * Groups the queries by cluster: a stable counting sort.
   *
   * @param order out, the n positions sorted by cluster, then position
   * @param starts out, shape (c + 1): cluster j has order[starts[j]] .. order[starts[j + 1] − 1]
   */
  public final void group(int[] order, int[] starts) {
    int n = queries();
    Arrays.fill(ends, 0);
    for (int i = 0; i < n; i++) {
      ends[clusterOf(i)]++;
    }
    starts[0] = 0;
    for (int j = 0; j < ends.length; j++) {
      starts[j + 1] = starts[j] + ends[j];
      ends[j] = starts[j];
    }
    for (int i = 0; i < n; i++) {
      order[ends[clusterOf(i)]++] = i;
    }
  }
}
