package io.github.starling.reference;

/**
 * Improved clustered attention: on the centroid's top keys each query has its own weights.
 *
 * <p>arXiv:2007.04825 §3.3. For cluster j let Aᶜⱼ be the centroid's weights, Tⱼ the k keys with the
 * highest Qᶜⱼ·K, and m̂ⱼ = Σ Aᶜⱼₜ over t ∈ Tⱼ. Query i of cluster j spreads the mass m̂ⱼ over Tⱼ by
 * its own softmax and keeps Aᶜⱼ elsewhere:
 *
 * <pre>
 * wᵢₜ = m̂ⱼ · exp(τ qᵢ·Kₜ) / Σᵤ∈Tⱼ exp(τ qᵢ·Kᵤ)   for t ∈ Tⱼ
 * wᵢₜ = Aᶜⱼₜ                                      for every other t
 * </pre>
 *
 * <p>The weights of a query sum to 1, and are never further from its full attention than those of
 * clustered attention (L1 norm). Cost O(n·(c + k)·max(dk, dv)), here O(n·m·max(dk, dv)) to stay
 * plain.
 */
public final class ImprovedClusteredAttention {
  private ImprovedClusteredAttention() {}

  /**
   * Attends to the keys.
   *
   * @param head queries, keys and values: (n, dk), (m, dk), (m, dv)
   * @param clustering which cluster each query is in
   * @param k top keys of a cluster, at least 1; full attention if k ≥ m
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   * @throws IllegalArgumentException if k is below 1 or the clustering is of another number of
   *     queries
   */
  public static double[][] attend(Head head, Clustering clustering, int k, double scale) {
    return MatrixProduct.times(
        weights(head, clustering, k, scale), head.values(), head.valueWidth());
  }

  /**
   * Returns the weights of each query.
   *
   * @param head queries and keys: (n, dk), (m, dk)
   * @param clustering which cluster each query is in
   * @param k top keys of a cluster, at least 1
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return w, shape (n, m); NaN for a query that holds a NaN or an infinity
   * @throws IllegalArgumentException if k is below 1 or the clustering is of another number of
   *     queries
   */
  public static double[][] weights(Head head, Clustering clustering, int k, double scale) {
    double[][] weights = ClusteredAttention.weights(head, clustering, scale);
    int[][] topKeys = topKeys(head, clustering, k);
    double[] topMass = topMass(head, clustering, k, scale);
    double[][] products = MatrixProduct.timesTransposed(head.queries(), head.keys());

    for (int i = 0; i < weights.length; i++) {
      int[] top = topKeys[clustering.clusterOf(i)]; // Tⱼ
      double mass = topMass[clustering.clusterOf(i)]; // m̂ⱼ
      double[] own = Softmax.of(FullAttention.scaled(at(top, products[i]), scale));
      for (int r = 0; r < top.length; r++) {
        weights[i][top[r]] = mass * own[r];
      }
    }
    return weights;
  }

  /**
   * Returns Tⱼ, the keys that each centroid scores highest.
   *
   * <p>Ranked by the dot product Qᶜⱼ·Kₜ before it is scaled, ties to the lowest key, NaN last.
   *
   * @param head queries and keys: (n, dk), (m, dk)
   * @param clustering which cluster each query is in
   * @param k top keys of a cluster, at least 1
   * @return keys of each cluster by falling score, shape (c, min(k, m)); those of an empty cluster
   *     mean nothing
   * @throws IllegalArgumentException if k is below 1 or the clustering is of another number of
   *     queries
   */
  public static int[][] topKeys(Head head, Clustering clustering, int k) {
    Head centroids = ClusteredAttention.withCentroids(head, clustering);
    double[][] products = MatrixProduct.timesTransposed(centroids.queries(), head.keys());
    var topKeys = new int[products.length][];
    for (int j = 0; j < topKeys.length; j++) {
      topKeys[j] = Ranking.highest(products[j], k);
    }
    return topKeys;
  }

  /**
   * Returns m̂ⱼ, the weight that each centroid gives to its top keys together.
   *
   * @param head queries and keys: (n, dk), (m, dk)
   * @param clustering which cluster each query is in
   * @param k top keys of a cluster, at least 1
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return shape (c), summed by falling score; that of an empty cluster means nothing
   * @throws IllegalArgumentException if k is below 1 or the clustering is of another number of
   *     queries
   */
  public static double[] topMass(Head head, Clustering clustering, int k, double scale) {
    double[][] centroidWeights =
        FullAttention.weights(ClusteredAttention.withCentroids(head, clustering), scale);
    int[][] topKeys = topKeys(head, clustering, k);
    var topMass = new double[topKeys.length];
    for (int j = 0; j < topMass.length; j++) {
      for (double weight : at(topKeys[j], centroidWeights[j])) {
        topMass[j] += weight;
      }
    }
    return topMass;
  }

  /** Picks the elements of a row at some keys, in the order of the keys. */
  static double[] at(int[] keys, double[] row) {
    var picked = new double[keys.length];
    for (int r = 0; r < keys.length; r++) {
      picked[r] = row[keys[r]];
    }
    return picked;
  }
}
