package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;

/**
 * Attention of queries to a few keys that they share, beside what a centroid gives them.
 *
 * <pre>
 * a cluster     gather its k keys and values once, into panels
 * 6 members  →  scores (6, k)  →  mass · softmax  →  · values (k, dv), starting from the remainder
 * remainder     the centroid's output less its own terms of the k keys
 * </pre>
 *
 * <p>arXiv:2007.04825 §3.3; O(members · k · (dk + dv)).
 */
public final class TopAttention {
  private final int dk;
  private final int dv;
  private final int ldt;
  private final int paddedDv;
  private final float[] staged;
  private final float[] keyPanels;
  private final float[] valuePanels;
  private final float[] transposed = new float[LANES * LANES];
  private final float[] queries;
  private final float[] tile;
  private final float[] sums = new float[LANES];
  private final float[] remainder;
  private final float[] output;
  private int k;
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
    ldt = MicroKernel.padColumns(k);
    paddedDv = MicroKernel.padColumns(dv);
    staged = new float[ldt * Panels.padDepth(dk)];
    keyPanels = new float[ldt * Panels.padDepth(dk)];
    valuePanels = new float[k * paddedDv];
    queries = new float[ROWS * dk];
    tile = new float[ROWS * ldt];
    remainder = new float[paddedDv];
    output = new float[ROWS * paddedDv];
  }

  /**
   * Gathers the keys and values of a cluster and works out its remainder.
   *
   * @param keys shape (m, dk)
   * @param values shape (m, dv)
   * @param centroids holds the centroid's unnormalised output, sum and shift
   * @param top holds the cluster's keys
   * @param row of the centroid, in both
   */
  public void gather(Matrix keys, Matrix values, RowAttention centroids, TopKeys top, int row) {
    k = top.size(row);
    int depth = Panels.padDepth(dk);
    for (int t = 0; t < k; t++) {
      Panels.copyRow(keys, top.key(row, t), 0, dk, staged, t * depth);
      Panels.packValue(values, top.key(row, t), valuePanels, t, k);
    }
    Panels.packKeys(staged, k, dk, keyPanels, 0, transposed);
    if (k == keys.rows()) {
      mass = 1;
      Arrays.fill(remainder, 0f);
      return;
    }
    float total = centroids.total(row);
    weigh(top, row, centroids.shift(row));
    mass = OnlineSoftmax.total(sums, 0) / total;
    centroids.copyOutput(row, remainder);
    for (int t = 0; t < k; t++) {
      WeightedSum.add(-tile[t], values, top.key(row, t), remainder);
    }
    OnlineSoftmax.scale(remainder, 0, dv, 1f / total);
  }

  /** Returns m̂, the centroid's weight on the gathered keys. */
  public float mass() {
    return mass;
  }

  /** Leaves 2^(score − shift) of a row's keys in the first row of the tile, and their sums. */
  private void weigh(TopKeys top, int row, float shift) {
    for (int t = 0; t < top.size(row); t++) {
      tile[t] = top.score(row, t);
    }
    Arrays.fill(sums, 0f);
    OnlineSoftmax.exponentiate(tile, 0, top.size(row), shift, sums, 0);
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
    for (int p = from; p < to; p += ROWS) {
      int rows = Math.min(ROWS, to - p);
      for (int i = 0; i < rows; i++) {
        Panels.scaleRow(q, order[p + i], factor, queries, i * dk);
      }
      MicroKernel.multiplyPanels(
          queries,
          0,
          dk,
          keyPanels,
          dk,
          Panels.padDepth(dk),
          MicroKernel.padColumns(k),
          tile,
          0,
          ldt);
      for (int i = 0; i < rows; i++) {
        Arrays.fill(sums, 0f);
        int at = i * ldt;
        OnlineSoftmax.exponentiate(tile, at, k, OnlineSoftmax.largest(tile, at, k), sums, 0);
        OnlineSoftmax.scale(tile, at, k, mass / OnlineSoftmax.total(sums, 0));
      }
      MicroKernel.multiplyPanels(tile, 0, ldt, valuePanels, k, k, paddedDv, output, 0, paddedDv);
      MicroKernel.addTile(output, paddedDv, remainder, 0, 0, output, 0, paddedDv);
      for (int i = 0; i < rows; i++) {
        Panels.storeRow(output, i * paddedDv, out, order[p + i], 0, dv);
      }
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
      WeightedSum.add(tile[t], values, top.key(row, t), output);
    }
    float total = top.sawNaN(row) ? Float.NaN : OnlineSoftmax.total(sums, 0);
    OnlineSoftmax.scale(output, 0, dv, 1f / total);
    Panels.storeRow(output, 0, out, outRow, 0, dv);
  }
}
