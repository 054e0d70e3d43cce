package io.github.starling.reference;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Refined clustered attention: one softmax over exact scores and what the centroid gives to the
 * rest.
 *
 * <p>Our own; no paper. Let cluster c have exact keys T_c, and let t be near i when |i − t| ≤ w /
 * 2. With centred keys kₜ − k̄ query i of cluster c has the logits
 *
 * <pre>
 * τ qᵢ·kₜ     for t ∈ T_c, and for t near i
 * τ q_c·kₜ    for every other t, the remainder
 * </pre>
 *
 * and its weights are their softmax. They are not negative and sum to 1. Cost O(n·(c + |T| +
 * w)·max(dk, dv)), here O(n·m·max(dk, dv)) to stay plain.
 */
public final class RefinedClusteredAttention {
  private static final double GOLDEN = 0.6180339887498949;

  private static final int SAMPLES = 64;
  private static final int DIRECTIONS = 8;

  private RefinedClusteredAttention() {}

  /**
   * Attends to the keys.
   *
   * @param head queries, keys and values: (n, dk), (m, dk), (m, dv)
   * @param clustering which cluster each query is in
   * @param exact whether a key is exact for a cluster, shape (c, m)
   * @param window w, −1 for none; none either when n ≠ m
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   */
  public static double[][] attend(
      Head head, Clustering clustering, boolean[][] exact, int window, double scale) {
    return MatrixProduct.times(
        weights(head, clustering, exact, window, scale), head.values(), head.valueWidth());
  }

  /**
   * Returns the weights of each query.
   *
   * @param head queries and keys: (n, dk), (m, dk)
   * @param clustering which cluster each query is in
   * @param exact whether a key is exact for a cluster, shape (c, m)
   * @param window w, −1 for none; none either when n ≠ m
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return shape (n, m); NaN for a query that holds a NaN or an infinity
   */
  public static double[][] weights(
      Head head, Clustering clustering, boolean[][] exact, int window, double scale) {
    Head centred = withCentredKeys(head);
    double[][] own = MatrixProduct.timesTransposed(centred.queries(), centred.keys());
    double[][] shared =
        MatrixProduct.timesTransposed(
            ClusteredAttention.withCentroids(centred, clustering).queries(), centred.keys());
    boolean hasWindow = window >= 0 && own.length == head.keys().length;
    var weights = new double[own.length][];
    for (int i = 0; i < weights.length; i++) {
      int cluster = clustering.clusterOf(i);
      var logits = new double[head.keys().length];
      for (int t = 0; t < logits.length; t++) {
        boolean isNear = hasWindow && Math.abs(i - t) <= window / 2;
        boolean isExact = exact[cluster][t] || isNear;
        logits[t] = scale * (isExact ? own[i][t] : shared[cluster][t]);
      }
      weights[i] = Softmax.of(logits);
      if (!Clustering.isFinite(head.queries()[i])) {
        Arrays.fill(weights[i], Double.NaN);
      }
    }
    return weights;
  }

  /** Returns a head whose keys have the mean 0. */
  static Head withCentredKeys(Head head) {
    double[][] centred = head.keys().clone();
    for (int d = 0; d < head.width() && centred.length > 0; d++) {
      int column = d;
      double mean = Arrays.stream(head.keys()).mapToDouble(key -> key[column]).average().orElse(0);
      for (int t = 0; t < centred.length; t++) {
        if (d == 0) {
          centred[t] = centred[t].clone();
        }
        centred[t][d] -= mean;
      }
    }
    return new Head(head.queries(), centred, head.values(), head.valueWidth());
  }

  /**
   * Returns positions by golden-ratio steps, ⌊n · frac((j + ½) · 0.618…)⌋; all of them if there are
   * no more.
   *
   * @param count how many
   * @param n length of the sequence
   * @return shape (min(count, n))
   */
  public static int[] spread(int count, int n) {
    return count >= n
        ? IntStream.range(0, n).toArray()
        : IntStream.range(0, count).map(j -> (int) (n * ((j + 0.5) * GOLDEN % 1))).toArray();
  }

  /**
   * Returns the sketch of each query: z = q Sᵀ W, where S are 64 centred keys at golden-ratio
   * steps, W = orthonormal(S Y), and Y ← orthonormal(Sᵀ S Y) once, from Y = Sᵀ R. R has the sign of
   * bit 8a + 7 of (s + 1) · ⌊2⁶⁴ / 1.618…⌋ for sample s and direction a.
   *
   * @param head queries and keys: (n, dk), (m, dk)
   * @return shape (n, 8)
   */
  public static double[][] sketches(Head head) {
    double[][] keys = withCentredKeys(head).keys();
    double[][] sample =
        Arrays.stream(spread(SAMPLES, keys.length)).mapToObj(t -> keys[t]).toArray(double[][]::new);
    var signs = new double[DIRECTIONS][sample.length]; // Rᵀ
    for (int a = 0; a < DIRECTIONS; a++) {
      for (int i = 0; i < sample.length; i++) {
        long bits = (i + 1) * 0x9E3779B97F4A7C15L;
        signs[a][i] = (bits >>> (8 * a + 7) & 1) == 0 ? 1 : -1;
      }
    }
    double[][] samples = transposed(sample); // Sᵀ
    double[][] start = MatrixProduct.timesTransposed(signs, samples); // Yᵀ
    // With rows for columns: (Sᵀ S Y)ᵀ = Yᵀ Sᵀ S.
    double[][] basis =
        orthonormal(
            MatrixProduct.timesTransposed(MatrixProduct.timesTransposed(start, sample), samples));
    double[][] w = orthonormal(MatrixProduct.timesTransposed(basis, sample));
    double[][] projection = MatrixProduct.timesTransposed(w, samples); // (Sᵀ W)ᵀ
    return MatrixProduct.timesTransposed(head.queries(), projection);
  }

  private static double[][] transposed(double[][] rows) {
    var columns = new double[rows[0].length][rows.length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns.length; c++) {
        columns[c][r] = rows[r][c];
      }
    }
    return columns;
  }

  /** Gram-Schmidt over rows; one that depends on those before becomes zero. */
  private static double[][] orthonormal(double[][] rows) {
    var orthonormal = new double[rows.length][];
    for (int a = 0; a < rows.length; a++) {
      double[] row = rows[a].clone();
      double before = norm(row);
      for (int b = 0; b < a; b++) {
        double[] other = orthonormal[b];
        double common = IntStream.range(0, row.length).mapToDouble(d -> row[d] * other[d]).sum();
        for (int d = 0; d < row.length; d++) {
          row[d] -= common * other[d];
        }
      }
      double after = norm(row);
      double scale = after > 1e-5 * before ? 1 / after : 0;
      orthonormal[a] = Arrays.stream(row).map(x -> x * scale).toArray();
    }
    return orthonormal;
  }

  /**
   * Returns how much exact scores of a key are taken to mend in a cluster: √A_ct · ‖vₜ − v̄‖ · ‖kₜ‖
   * · r_c, with A the softmax of the centroid's scores and r the root mean square distance of the
   * members to the centroid.
   *
   * @param head queries, keys and values: (n, dk), (m, dk), (m, dv)
   * @param clustering which cluster each query is in
   * @param scale τ
   * @return shape (c, m)
   */
  public static double[][] importance(Head head, Clustering clustering, double scale) {
    Head centred = withCentredKeys(head);
    Head centroids = ClusteredAttention.withCentroids(centred, clustering);
    double[][] importance = FullAttention.weights(centroids, scale);
    var values =
        withCentredKeys(new Head(head.values(), head.values(), head.values(), head.valueWidth()))
            .keys();
    for (int c = 0; c < importance.length; c++) {
      double squares = 0;
      int[] members = clustering.members(c);
      for (int i : members) {
        squares +=
            Math.pow(distance(head.queries()[i], centroids.queries()[c]), 2) / members.length;
      }
      for (int t = 0; t < importance[c].length; t++) {
        double most = norm(values[t]) * norm(centred.keys()[t]) * Math.sqrt(squares);
        importance[c][t] = Math.sqrt(importance[c][t]) * most;
      }
    }
    return importance;
  }

  private static double norm(double[] row) {
    return Math.sqrt(Arrays.stream(row).map(x -> x * x).sum());
  }

  private static double distance(double[] a, double[] b) {
    return norm(IntStream.range(0, a.length).mapToDouble(d -> a[d] - b[d]).toArray());
  }
}
