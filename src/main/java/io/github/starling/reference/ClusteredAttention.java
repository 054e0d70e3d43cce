package io.github.starling.reference;

import java.util.Arrays;

/**
 * Clustered attention: the queries of a cluster share the attention of their centroid.
 *
 * <p>arXiv:2007.04825 §3.2: Qᶜ = mean of the members, Aᶜ = softmax(τ Qᶜ Kᵀ), output = Aᶜ V handed
 * to the members. Cost O(n·c·max(dk, dv)) against O(n·m·max(dk, dv)) of full attention. Written to
 * be read, in double precision; the fast twin is in {@code attention}.
 */
public final class ClusteredAttention {
  private ClusteredAttention() {}

  /**
   * Attends once per cluster.
   *
   * <p>A query that holds a NaN or an infinity is not in the mean of its cluster and gets a row of
   * NaN.
   *
   * @param head queries, keys and values: (n, dk), (m, dk), (m, dv)
   * @param clustering which cluster each query is in
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   * @throws IllegalArgumentException if the clustering is of another number of queries
   */
  public static double[][] attend(Head head, Clustering clustering, double scale) {
    double[][] shared = // Aᶜ V, shape (c, dv)
        FullAttention.attend(withCentroids(head, clustering), scale);
    return handOut(shared, head, clustering);
  }

  /**
   * Returns the weights that each query ends up with.
   *
   * @param head queries and keys: (n, dk), (m, dk)
   * @param clustering which cluster each query is in
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return row i is row j of Aᶜ for query i of cluster j, shape (n, m)
   * @throws IllegalArgumentException if the clustering is of another number of queries
   */
  public static double[][] weights(Head head, Clustering clustering, double scale) {
    return handOut(FullAttention.weights(withCentroids(head, clustering), scale), head, clustering);
  }

  /** Puts Qᶜ in the place of Q. */
  static Head withCentroids(Head head, Clustering clustering) {
    clustering.requireQueries(head.queries().length);
    return head.withQueries(
        head.queries().length == 0
            ? new double[clustering.clusters()][head.width()]
            : clustering.means(head.queries()));
  }

  /** Copies the row of each cluster to its members, shape (c, any) to (n, any). */
  private static double[][] handOut(double[][] shared, Head head, Clustering clustering) {
    var rows = new double[head.queries().length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = shared[clustering.clusterOf(i)].clone();
      if (head.keys().length > 0 && !Clustering.isFinite(head.queries()[i])) {
        Arrays.fill(rows[i], Double.NaN);
      }
    }
    return rows;
  }
}
