package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;

/**
 * Exact attention of a block of queries, each to some of the listed keys.
 *
 * <pre>
 * 64 listed keys  →  6 queries' scores (6, 64)  →  −∞ where the mask hides  →  as {@link RowAttention}
 * </pre>
 *
 * <p>A hidden key has weight 0, and its value is not met at all, whatever it holds. Tiles that the
 * mask hides whole cost nothing. Scratch memory, allocated once: O((rows + 64) · (dk + dv)).
 */
public final class MaskedAttention {
  /** Keys of a block: few, so that little of a block lies outside a narrow band. */
  private static final int KEY_BLOCK = 64;

  private static final double LN2 = Math.log(2);

  private final int dk;
  private final int dv;
  private final int paddedDv;
  private final float[] queries;
  private final float[] output;
  private final float[] shifts;
  private final float[] sums;
  private final float[] tile = new float[ROWS * KEY_BLOCK];
  private final float[] staged;
  private final float[] keyPanels;
  private final float[] valuePanels;
  private final float[] product;
  private final float[] transposed = new float[LANES * LANES];
  private final int[] unbounded = new int[KEY_BLOCK];
  private int unboundedCount;
  private int rows;

  /**
   * Allocates scratch memory.
   *
   * @param capacity the most queries of a block
   * @param dk columns of queries and keys
   * @param dv columns of values
   */
  public MaskedAttention(int capacity, int dk, int dv) {
    int padded = MicroKernel.padRows(capacity);
    this.dk = dk;
    this.dv = dv;
    paddedDv = MicroKernel.padColumns(dv);
    queries = new float[padded * dk];
    output = new float[padded * paddedDv];
    shifts = new float[padded];
    sums = new float[padded * LANES];
    staged = new float[KEY_BLOCK * Panels.padDepth(dk)];
    keyPanels = new float[KEY_BLOCK * Panels.padDepth(dk)];
    valuePanels = new float[KEY_BLOCK * paddedDv];
    product = new float[ROWS * paddedDv];
  }

  /**
   * Takes the queries of the next block.
   *
   * @param q shape (n, dk)
   * @param list positions of the queries, from {@code from} on
   * @param count how many, at most the capacity
   * @param factor {@link RowAttention#scoreFactor} of the scale τ
   */
  public void begin(Matrix q, int[] list, int from, int count, double factor) {
    int padded = MicroKernel.padRows(count);
    rows = count;
    Panels.scaleRows(q, list, from, count, factor, queries, dk);
    Arrays.fill(queries, count * dk, padded * dk, 0f);
    Arrays.fill(output, 0, padded * paddedDv, 0f);
    Arrays.fill(shifts, 0, padded, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0, padded * LANES, 0f);
  }

  /**
   * Attends to the listed keys.
   *
   * @param keys shape (m, dk)
   * @param values shape (m, dv)
   * @param list positions of the keys, from {@code from} to {@code to − 1}
   * @param factors multiply the key at each position, shape (m); null for none
   */
  public void attend(
      Matrix keys, Matrix values, int[] list, int from, int to, float[] factors, KeyMask mask) {
    for (int first = from; first < to; first += KEY_BLOCK) {
      int count = Math.min(KEY_BLOCK, to - first);
      packKeys(keys, list, first, count, factors);
      packValues(values, list, first, count);
      for (int row = 0; row < rows; row += ROWS) {
        if (reaches(mask, row, first, count)) {
          score(row, count);
          weigh(row, first, count, mask);
          addUnbounded(values, list, first, row);
        }
      }
    }
  }

  private boolean reaches(KeyMask mask, int row, int first, int count) {
    for (int r = row; r < Math.min(row + ROWS, rows); r++) {
      if (mask.reaches(r, first, count)) {
        return true;
      }
    }
    return false;
  }

  private void packKeys(Matrix keys, int[] list, int first, int count, float[] factors) {
    int depth = Panels.padDepth(dk);
    int padded = MicroKernel.padColumns(count);
    Panels.gatherRows(keys, list, first, count, staged, depth);
    for (int t = 0; factors != null && t < count; t++) {
      OnlineSoftmax.scale(staged, t * depth, dk, factors[list[first + t]]);
    }
    Arrays.fill(staged, count * depth, padded * depth, 0f);
    Panels.packKeys(staged, 0, count, dk, keyPanels, 0, transposed);
  }

  /** Sets values that are not finite apart: 0 · ∞ would spoil the rows that do not see them. */
  private void packValues(Matrix values, int[] list, int first, int count) {
    Panels.gatherValues(values, list, first, count, valuePanels, count);
    unboundedCount = 0;
    if (Norms.norm(valuePanels, 0, count * paddedDv) <= Float.MAX_VALUE) {
      return;
    }
    for (int t = 0; t < count; t++) {
      if (!ClusterMean.isFinite(values, list[first + t])) {
        unbounded[unboundedCount++] = t;
        clearUnbounded(values, list[first + t], t, count);
      }
    }
  }

  private void clearUnbounded(Matrix values, int position, int t, int count) {
    for (int d = 0; d < dv; d++) {
      if (!Float.isFinite(values.get(position, d))) {
        int from = d / MicroKernel.WIDE * MicroKernel.WIDE; // only the last panel may be narrow
        int width = MicroKernel.panelWidth(from, paddedDv);
        valuePanels[from * count + t * width + d - from] = 0;
      }
    }
  }

  private void score(int row, int count) {
    int padded = MicroKernel.padColumns(count);
    MicroKernel.multiplyPanels(
        queries, row * dk, dk, keyPanels, dk, Panels.padDepth(dk), padded, tile, 0, KEY_BLOCK);
  }

  private void weigh(int row, int first, int count, KeyMask mask) {
    for (int r = row; r < row + ROWS; r++) {
      int at = (r - row) * KEY_BLOCK;
      if (r < rows) {
        mask.hide(r, first, count, tile, at);
      }
      float factor = OnlineSoftmax.raise(tile, at, count, shifts, r);
      if (factor != 1f) {
        OnlineSoftmax.scale(sums, r * LANES, LANES, factor);
        OnlineSoftmax.scale(output, r * paddedDv, paddedDv, factor);
      }
      OnlineSoftmax.exponentiateSeen(tile, at, count, shifts[r], sums, r * LANES);
    }
    MicroKernel.multiplyPanels(
        tile, 0, KEY_BLOCK, valuePanels, count, count, paddedDv, product, 0, paddedDv);
    int at = row * paddedDv;
    MicroKernel.addTile(product, ROWS, paddedDv, output, at, paddedDv, output, at, paddedDv);
  }

  private void addUnbounded(Matrix values, int[] list, int first, int row) {
    for (int i = 0; i < unboundedCount; i++) {
      int t = unbounded[i];
      for (int d = 0; d < dv; d++) {
        float value = values.get(list[first + t], d);
        for (int r = 0; r < ROWS && !Float.isFinite(value); r++) {
          float weight = tile[r * KEY_BLOCK + t];
          output[(row + r) * paddedDv + d] += weight == 0 ? 0 : weight * value;
        }
      }
    }
  }

  /** Returns whether the mask has hidden every key from a row so far. */
  public boolean isEmpty(int row) {
    return OnlineSoftmax.total(sums, row * LANES) == 0;
  }

  /** Divides a row's output by its sum and writes it to a row of {@code out}; once a row. */
  public void store(int row, Matrix out, int outRow) {
    float total = OnlineSoftmax.total(sums, row * LANES);
    OnlineSoftmax.scale(output, row * paddedDv, dv, 1f / total);
    Panels.storeRow(output, row * paddedDv, out, outRow, 0, dv);
  }

  /**
   * Merges a row with what other keys gave it before; once a row.
   *
   * @param out shape (n, dv)
   * @param outRow of the query in out
   * @param log log₂ of the numerators' sum that stands behind {@code outRow} of out; −∞ for none
   * @return the same of both; as it was if the mask has hidden every key
   */
  public double merge(int row, Matrix out, int outRow, double log) {
    float total = OnlineSoftmax.total(sums, row * LANES);
    if (total == 0) {
      return log;
    }
    double own = shifts[row] + Math.log(total) / LN2;
    if (log == Double.NEGATIVE_INFINITY) {
      store(row, out, outRow);
      return own;
    }
    double largest = Math.max(own, log);
    double ownShare = Math.pow(2, own - largest);
    double share = Math.pow(2, log - largest);
    double both = ownShare + share;
    int at = row * paddedDv;
    OnlineSoftmax.scale(output, at, dv, (float) (ownShare / both / total));
    WeightedSum.add((float) (share / both), out, outRow, output, at);
    Panels.storeRow(output, at, out, outRow, 0, dv);
    return largest + Math.log(both) / LN2;
  }
}
