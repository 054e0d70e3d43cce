package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;
import static io.github.starling.kernel.Panels.KEY_BLOCK;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * What each centroid of a head gives to each key: the numerators of its softmax, kept, and of those
 * keys that no member scores by itself the sum and the weighted values.
 *
 * <pre>
 * score      centroids × keys  →  2^(score − shift)      C × m floats
 *            {@link ImportantKeys} sets those of the exact keys to zero
 * remainder  numerators × values  →  Z, V of each centroid
 * </pre>
 *
 * <p>2·C·m·(dk + dv) flop. Memory O(C·m). Blocks of centroids may be done by different threads.
 */
public final class CentroidScores {
  /** Numerators below this share of the largest have lost bits at the end of the floats' range. */
  private static final float LEAST = 0x1p-60f;

  private final int clusters;
  private final int dk;
  private final int paddedDv;
  private final int slack;
  private final double[] centroids;
  private final double[] distances;
  private final boolean[] bounded;
  private final float[][] numerators;
  private final float[] shifts;
  private final float[] totals;
  private final double[] logWholes;
  private final float[] outputs;

  /** Memory of one thread. */
  public static final class Scratch {
    private final float[] queries;
    private final float[] keyPanels;
    private final float[] valuePanels;
    private final float[] transposed = new float[LANES * LANES];
    private final float[] tile = new float[ROWS * KEY_BLOCK];
    private final float[] product;
    private final float[] sums = new float[ROWS * LANES];

    private Scratch(int clusters, int dk, int paddedDv) {
      queries = new float[MicroKernel.padRows(clusters) * Panels.padDepth(dk)];
      keyPanels = new float[KEY_BLOCK * Panels.padDepth(dk)];
      valuePanels = new float[KEY_BLOCK * paddedDv];
      product = new float[ROWS * paddedDv];
    }
  }

  /**
   * Allocates for a number of clusters of queries of dk columns, and values of dv.
   *
   * @param window the most keys that are read at once behind any key
   */
  public CentroidScores(int clusters, int dk, int dv, int window) {
    this.clusters = clusters;
    slack = Panels.padDepth(window) + LANES;
    centroids = new double[clusters * dk];
    distances = new double[clusters];
    bounded = new boolean[clusters];
    this.dk = dk;
    paddedDv = MicroKernel.padColumns(dv);
    numerators = new float[clusters][0];
    shifts = new float[clusters];
    totals = new float[clusters];
    logWholes = new double[clusters];
    outputs = new float[MicroKernel.padRows(clusters) * paddedDv];
  }

  /** Returns memory for a thread. */
  public Scratch scratch() {
    return new Scratch(clusters, dk, paddedDv);
  }

  /** Makes room for m keys. */
  public void reserve(int m) {
    int length = m + slack;
    if (numerators[0].length < length) {
      Arrays.setAll(numerators, _ -> new float[length]);
    }
  }

  /**
   * Takes a centroid.
   *
   * @param mean dk doubles
   * @param distance of the farthest member
   */
  public void centroid(int cluster, double[] mean, double distance) {
    System.arraycopy(mean, 0, centroids, cluster * dk, dk);
    distances[cluster] = distance;
  }

  /**
   * Scores all keys for a block of centroids.
   *
   * @param first the first centroid of the block, a multiple of whole tiles
   * @param count how many
   * @param factor {@link RowAttention#scoreFactor} of the scale
   */
  public void score(int first, int count, double factor, KeyTable table, Scratch own) {
    packCentroids(first, count, factor, own);
    int m = table.rows();
    int depth = Panels.padDepth(dk);
    for (int from = 0; from < m; from += KEY_BLOCK) {
      int keys = Math.min(KEY_BLOCK, m - from);
      int padded = MicroKernel.padColumns(keys);
      float[] rows = table.keys().data();
      Panels.packKeys(rows, table.keys().at(from), keys, dk, own.keyPanels, 0, own.transposed);
      for (int r = 0; r < count; r += ROWS) {
        MicroKernel.multiplyPanels(
            own.queries,
            r * depth,
            depth,
            own.keyPanels,
            dk,
            depth,
            padded,
            own.tile,
            0,
            KEY_BLOCK);
        for (int i = r; i < Math.min(r + ROWS, count); i++) {
          System.arraycopy(own.tile, (i - r) * KEY_BLOCK, numerators[first + i], from, keys);
        }
      }
    }
    for (int i = 0; i < count; i++) {
      int c = first + i;
      double norm = Norms.norm(own.queries, i * depth, depth) + factor * distances[c];
      bounded[c] = norm * table.largestNorm() <= OnlineSoftmax.BOUND;
      shifts[c] = bounded[c] ? 0f : OnlineSoftmax.largest(numerators[c], 0, m);
      exponentiate(c, m, own);
    }
  }

  private void packCentroids(int first, int count, double factor, Scratch own) {
    int depth = Panels.padDepth(dk);
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < dk; d++) {
        own.queries[i * depth + d] = (float) (centroids[(first + i) * dk + d] * factor);
      }
    }
    Arrays.fill(own.queries, count * depth, MicroKernel.padRows(count) * depth, 0f);
  }

  /** Turns a centroid's scores into numerators relative to its shift; zeros follow the last. */
  private void exponentiate(int centroid, int m, Scratch own) {
    Arrays.fill(own.sums, 0, LANES, 0f);
    OnlineSoftmax.exponentiate(numerators[centroid], 0, m, shifts[centroid], own.sums, 0);
    totals[centroid] = OnlineSoftmax.total(own.sums, 0);
    logWholes[centroid] = shifts[centroid] + Math.log(totals[centroid]) / Math.log(2);
    clearTail(centroid, m);
  }

  private float largest(int centroid, int m) {
    float largest = OnlineSoftmax.largest(numerators[centroid], 0, m);
    clearTail(centroid, m);
    return largest;
  }

  private void clearTail(int centroid, int m) {
    Arrays.fill(numerators[centroid], m, m + slack, 0f);
  }

  /**
   * Sums what a block of centroids gives to the keys whose numerator is not zero.
   *
   * @param first the first centroid of the block, a multiple of whole tiles
   * @param count how many
   * @param factor as scored
   */
  public void remainder(int first, int count, double factor, KeyTable table, Scratch own) {
    int m = table.rows();
    for (int c = first; c < first + count; c++) {
      if (!bounded[c] && largest(c, m) < LEAST) {
        rescore(c, factor, table);
      }
    }
    Arrays.fill(outputs, first * paddedDv, (first + MicroKernel.padRows(count)) * paddedDv, 0f);
    Arrays.fill(totals, first, first + count, 0f);
    for (int from = 0; from < m; from += KEY_BLOCK) {
      int keys = Math.min(KEY_BLOCK, m - from);
      RowTable values = table.values();
      Panels.packRows(values.data(), values.at(from), paddedDv, keys, own.valuePanels);
      for (int r = 0; r < count; r += ROWS) {
        int rows = Math.min(ROWS, count - r);
        for (int i = 0; i < rows; i++) {
          int row = first + r + i;
          totals[row] += copy(numerators[row], from, keys, own.tile, i * KEY_BLOCK);
        }
        MicroKernel.multiplyPanels(
            own.tile,
            0,
            KEY_BLOCK,
            own.valuePanels,
            keys,
            keys,
            paddedDv,
            own.product,
            0,
            paddedDv);
        int at = (first + r) * paddedDv;
        MicroKernel.addTile(
            own.product, rows, paddedDv, outputs, at, paddedDv, outputs, at, paddedDv);
      }
    }
  }

  /** Makes the numerators that are not zero relative to the largest of their own scores. */
  private void rescore(int centroid, double factor, KeyTable table) {
    float[] row = numerators[centroid];
    double largest = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < table.rows(); t++) {
      largest = row[t] == 0 ? largest : Math.max(largest, score(centroid, t, factor, table));
    }
    shifts[centroid] = (float) largest;
    for (int t = 0; t < table.rows(); t++) {
      double score = row[t] == 0 ? 0 : score(centroid, t, factor, table);
      row[t] = row[t] == 0 ? 0 : (float) Math.pow(2, Math.max(-126, score - shifts[centroid]));
    }
  }

  /** Returns one score of a centroid, in units of log 2. */
  double score(int centroid, int key, double factor, KeyTable table) {
    double sum = 0;
    int at = table.keys().at(key);
    for (int d = 0; d < dk; d++) {
      sum += factor * centroids[centroid * dk + d] * table.keys().data()[at + d];
    }
    return sum;
  }

  /** Copies numerators, zeros behind them included, and returns their sum. */
  private static float copy(float[] from, int at, int count, float[] to, int tt) {
    var sum = FloatVector.zero(FLOATS);
    for (int j = 0; j < count; j += LANES) {
      var x = FloatVector.fromArray(FLOATS, from, at + j);
      x.intoArray(to, tt + j);
      sum = sum.add(x);
    }
    return Reduction.sum(sum);
  }

  /** Returns the numerators of a centroid, m of them and zeros behind. */
  float[] numerators(int centroid) {
    return numerators[centroid];
  }

  /** Tells whether no score of a cluster's members can leave the bound; its shift is 0 then. */
  boolean isBounded(int cluster) {
    return bounded[cluster];
  }

  /** Returns the exponent that a centroid's numerators are relative to. */
  float shift(int centroid) {
    return shifts[centroid];
  }

  /** Returns the sum of a centroid's numerators: of all keys, after the remainder of those. */
  public float total(int centroid) {
    return totals[centroid];
  }

  /** Returns the sum of a centroid's numerators of all keys, relative to its shift. */
  double whole(int centroid) {
    return Math.pow(2, logWholes[centroid] - shifts[centroid]);
  }

  /** Returns the weighted values of all centroids, padColumns(dv) floats each. */
  float[] outputs() {
    return outputs;
  }
}
