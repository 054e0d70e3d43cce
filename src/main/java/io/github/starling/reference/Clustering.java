package io.github.starling.reference;

import java.util.Arrays;

/**
 * Which cluster each query is in.
 *
 * @param assignment cluster of each query, shape (n), each in 0 .. c−1
 * @param centroidSignatures signature of each cluster's centroid, shape (c)
 */
public record Clustering(int[] assignment, long[] centroidSignatures) {
  /**
   * Checks that every query is in a cluster.
   *
   * @throws IllegalArgumentException if an assignment is not in 0 .. c−1
   */
  public Clustering {
    for (int i = 0; i < assignment.length; i++) {
      if (assignment[i] < 0 || assignment[i] >= centroidSignatures.length) {
        throw new IllegalArgumentException(
            "query %d is in cluster %d but there are %d clusters"
                .formatted(i, assignment[i], centroidSignatures.length));
      }
    }
  }

  /** Returns c, the number of clusters, empty ones included. */
  public int clusters() {
    return centroidSignatures.length;
  }

  /**
   * Returns the cluster of a query.
   *
   * @param query position, 0 .. n−1
   */
  public int clusterOf(int query) {
    return assignment[query];
  }

  /** Returns the number of queries in each cluster, shape (c). */
  public int[] counts() {
    var counts = new int[clusters()];
    for (int cluster : assignment) {
      counts[cluster]++;
    }
    return counts;
  }

  /**
   * Returns the positions of a cluster's queries, rising.
   *
   * @param cluster 0 .. c−1
   */
  public int[] members(int cluster) {
    var members = new int[assignment.length];
    int count = 0;
    for (int i = 0; i < assignment.length; i++) {
      if (assignment[i] == cluster) {
        members[count++] = i;
      }
    }
    return Arrays.copyOf(members, count);
  }

  /** Returns the positions of all queries, those of cluster 0 first, shape (n). */
  public int[] order() {
    var order = new int[assignment.length];
    int count = 0;
    for (int cluster = 0; cluster < clusters(); cluster++) {
      for (int member : members(cluster)) {
        order[count++] = member;
      }
    }
    return order;
  }

  /**
   * Returns the centroids Qᶜ: of each cluster the mean of its members.
   *
   * <p>arXiv:2007.04825 §3.2, Qᶜⱼ = Σᵢ Sᵢⱼ Qᵢ / Σᵢ Sᵢⱼ. Per column the members are summed in rising
   * position from 0.0, then divided by their number. A member that holds a NaN or an infinity is
   * neither summed nor counted, since it would spoil the rows of its neighbours. A cluster without
   * a finite member has a centroid of zeros, which no finite query uses.
   *
   * @param queries shape (n, dk)
   * @return shape (c, dk)
   * @throws IllegalArgumentException if there are not n queries
   */
  public double[][] means(double[][] queries) {
    requireQueries(queries.length);
    int dk = queries.length == 0 ? 0 : queries[0].length;
    var means = new double[clusters()][dk];
    var finite = new int[clusters()];
    for (int i = 0; i < queries.length; i++) {
      if (isFinite(queries[i])) {
        finite[assignment[i]]++;
        for (int j = 0; j < dk; j++) {
          means[assignment[i]][j] += queries[i][j];
        }
      }
    }
    for (int cluster = 0; cluster < means.length; cluster++) {
      for (int j = 0; j < dk && finite[cluster] > 0; j++) {
        means[cluster][j] /= finite[cluster];
      }
    }
    return means;
  }

  /** Throws unless this is a clustering of n queries. */
  void requireQueries(int n) {
    if (assignment.length != n) {
      throw new IllegalArgumentException(
          "the clustering is of %d queries but there are %d".formatted(assignment.length, n));
    }
  }

  static boolean isFinite(double[] row) {
    for (double value : row) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
