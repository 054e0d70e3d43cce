package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;

/**
 * Attention of queries to a few keys that they share, beside what a centroid gives them.
 *
 * <pre>
 * a cluster      gather its k keys and values once, into panels; one row more is its centroid's output
 * 48 members  →  scores (48, k)  →  m̂ · softmax − the centroid's weights, and 1  →  · (k + 1, dv)
 * </pre>
 *
 * <p>arXiv:2007.04825 §3.3; O(members · k · (dk + dv)).
 */
public final class TopAttention {
  /** Members gathered at once: enough that their loads wait for memory together. */
  private static final int MEMBERS = 8 * ROWS;

  private final int dk;
  private final int dv;
  private final int paddedDv;
  private final int ldt;
  private final int[] list;
  private final float[] staged;
  private final float[] keyPanels;
  private final float[] valuePanels;
  private final float[] transposed = new float[LANES * LANES];
  private final float[] queries;
  private final float[] tile;
  private final float[] columns;
  private final float[] weights;
  private final float[] sums = new float[LANES];
  private final float[] output;
  private int k;
  private int terms;
  private float mass;

  /**
   * Allocates scratch memory.
   *
   * @param k the most keys
   * @param dk columns of queries and keys
   * @param dv columns of values
   */
  public TopAttention(int k, int dk, int dv) {
    this.dk = dk;
    this.dv = dv;
    paddedDv = MicroKernel.padColumns(dv);
    int padded = MicroKernel.padColumns(k);
    ldt = padded + LANES; // room for the remainder's weight
    list = new int[k];
    staged = new float[padded * Panels.padDepth(dk)];
    keyPanels = new float[padded * Panels.padDepth(dk)];
    valuePanels = new float[(k + 1) * paddedDv];
    queries = new float[MEMBERS * dk];
    tile = new float[MEMBERS * ldt];
    columns = new float[padded * LANES];
    weights = new float[padded];
    output = new float[MEMBERS * paddedDv];
  }

  /**
   * Gathers the keys and values of a cluster.
   *
   * @param keys shape (m, dk)
   * @param values shape (m, dv)
   * @param centroids holds the centroid's unnormalised output, sum and shift
   * @param top holds the cluster's keys
   * @param row of the centroid, in both
   */
  public void gather(Matrix keys, Matrix values, RowAttention centroids, TopKeys top, int row) {
    k = top.size(row);
    terms = k == keys.rows() ? k : k + 1; // with all keys, the centroid gives nothing
    int depth = Panels.padDepth(dk);
    top.copyKeys(row, list);
    Panels.gatherRows(keys, list, 0, k, staged, depth);
    Panels.packKeys(staged, 0, k, dk, keyPanels, 0, transposed);
    Panels.gatherValues(values, list, 0, k, valuePanels, terms);
    if (terms == k) {
      mass = 1;
      Arrays.fill(weights, 0f);
      return;
    }
    float total = centroids.total(row);
    weigh(top, row, centroids.shift(row));
    mass = OnlineSoftmax.total(sums, 0) / total;
    OnlineSoftmax.scale(weights, 0, k, 1f / total);
    centroids.packOutput(row, 1f / total, valuePanels, k, terms);
  }

  /** Returns m̂, the centroid's weight on the gathered keys. */
  public float mass() {
    return mass;
  }

  /** Leaves 2^(score − shift) of a row's keys in the weights, and their sums. */
  private void weigh(TopKeys top, int row, float shift) {
    for (int t = 0; t < top.size(row); t++) {
      weights[t] = top.score(row, t);
    }
    Arrays.fill(sums, 0f);
    OnlineSoftmax.exponentiate(weights, 0, top.size(row), shift, sums, 0);
  }

  /**
   * Attends from the members of the cluster.
   *
   * @param q shape (n, dk)
   * @param order positions of the members from {@code from} to {@code to − 1}
   * @param factor {@link RowAttention#scoreFactor} of the scale
   * @param out shape (n, dv)
   */
  public void attend(Matrix q, int[] order, int from, int to, double factor, Matrix out) {
    int padded = MicroKernel.padColumns(k);
    int depth = Panels.padDepth(dk);
    for (int p = from; p < to; p += MEMBERS) {
      int members = Math.min(MEMBERS, to - p);
      Panels.scaleRows(q, order, p, members, factor, queries, dk);
      for (int r = 0; r < members; r += ROWS) {
        MicroKernel.multiplyPanels(
            queries, r * dk, dk, keyPanels, dk, depth, padded, tile, r * ldt, ldt);
      }
      weigh(members);
      for (int r = 0; r < members; r += ROWS) {
        MicroKernel.multiplyPanels(
            tile,
            r * ldt,
            ldt,
            valuePanels,
            terms,
            terms,
            paddedDv,
            output,
            r * paddedDv,
            paddedDv);
      }
      Panels.scatterRows(output, paddedDv, out, order, p, members);
    }
  }

  /**
   * Replaces the members' scores by m̂ · softmax − the centroid's weights, and gives the centroid's
   * output the weight 1. Done on the transpose, where a vector holds one key of many members: a row
   * of k scores is too short to be worth a loop.
   */
  private void weigh(int members) {
    int padded = MicroKernel.padColumns(k);
    for (int r = 0; r < members; r += LANES) {
      for (int t = 0; t < padded; t += LANES) {
        Transpose.block(tile, r * ldt + t, ldt, columns, t * LANES, LANES, transposed);
      }
      ColumnSoftmax.weigh(columns, k, mass, weights);
      for (int t = 0; t < padded; t += LANES) {
        Transpose.block(columns, t * LANES, LANES, tile, r * ldt + t, ldt, transposed);
      }
    }
    for (int r = 0; r < members; r++) {
      tile[r * ldt + k] = 1f;
    }
  }

  /**
   * Attends from one query to its own highest keys: softmax over those.
   *
   * @param values shape (m, dv)
   * @param top holds the keys
   * @param row of the query in top
   * @param out shape (n, dv)
   * @param outRow of the query in out
   */
  public void attendOne(Matrix values, TopKeys top, int row, Matrix out, int outRow) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int t = 0; t < top.size(row); t++) {
      largest = Math.max(largest, top.score(row, t));
    }
    weigh(top, row, largest);
    Arrays.fill(output, 0, dv, 0f);
    for (int t = 0; t < top.size(row); t++) {
      WeightedSum.add(weights[t], values, top.key(row, t), output, 0);
    }
    float total = top.sawNaN(row) ? Float.NaN : OnlineSoftmax.total(sums, 0);
    OnlineSoftmax.scale(output, 0, dv, 1f / total);
    Panels.storeRow(output, 0, out, outRow, 0, dv);
  }
}
