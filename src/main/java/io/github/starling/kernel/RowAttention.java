package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;
import static io.github.starling.kernel.Panels.KEY_BLOCK;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;

/**
 * Exact attention of a block of queries, one block of keys after another.
 *
 * <pre>
 *                 a block of keys (b), transposed panels, L1/L2
 * 6 queries  →    scores (6, b)  →  2^(score − shift)  →  · values (b, dv)  →  += output (6, dv)
 * </pre>
 *
 * <p>The (n, m) matrix is never held; a block's scores live in the first-level cache between their
 * birth and their use. Scratch memory, allocated once: O((rows + b) · (dk + dv)).
 */
public final class RowAttention {
  private static final double LOG2_E = 1.4426950408889634;

  private final int capacity;
  private final int dk;
  private final int dv;
  private final int paddedDv;
  private final float[] queries;
  private final float[] output;
  private final float[] shifts;
  private final float[] sums;
  private final float[] norms;
  private final float[] tile = new float[ROWS * KEY_BLOCK];
  private final float[] staged;
  private final float[] keyPanels;
  private final float[] valuePanels;
  private final float[] product;
  private final float[] transposed = new float[LANES * LANES];
  private final float[] ranked = new float[KEY_BLOCK];
  private int rows;
  private float largestKeyNorm;

  /**
   * Allocates scratch memory.
   *
   * @param capacity the most queries of a block
   * @param dk columns of queries and keys
   * @param dv columns of values
   */
  public RowAttention(int capacity, int dk, int dv) {
    this.capacity = MicroKernel.padRows(capacity);
    this.dk = dk;
    this.dv = dv;
    paddedDv = MicroKernel.padColumns(dv);
    int depth = Panels.padDepth(dk);
    queries = new float[this.capacity * dk];
    output = new float[this.capacity * paddedDv];
    shifts = new float[this.capacity];
    sums = new float[this.capacity * LANES];
    norms = new float[this.capacity];
    staged = new float[KEY_BLOCK * depth];
    keyPanels = new float[KEY_BLOCK * depth];
    valuePanels = new float[KEY_BLOCK * paddedDv];
    product = new float[ROWS * paddedDv];
  }

  /** Returns the factor that turns q·k into a score in units of log 2. */
  public static double scoreFactor(double scale) {
    return scale * LOG2_E;
  }

  /**
   * Takes the queries of the next block.
   *
   * @param q shape (n, dk)
   * @param first the first query of the block
   * @param count how many, at most the capacity
   * @param factor {@link #scoreFactor} of the scale τ
   */
  public void begin(Matrix q, int first, int count, double factor) {
    assert count <= capacity && q.columns() == dk;
    rows = count;
    Panels.packRows(q, first, count, factor, queries);
    clear();
  }

  /**
   * Takes centroids for queries.
   *
   * @param centroids shape (c, dk), row-major
   * @param first the first centroid of the block
   * @param count how many, at most the capacity
   * @param factor {@link #scoreFactor} of the scale τ
   */
  public void begin(double[] centroids, int first, int count, double factor) {
    assert count <= capacity;
    rows = count;
    for (int i = 0; i < count * dk; i++) {
      queries[i] = (float) (centroids[first * dk + i] * factor);
    }
    Arrays.fill(queries, count * dk, MicroKernel.padRows(count) * dk, 0f);
    clear();
  }

  private void clear() {
    int padded = MicroKernel.padRows(rows);
    Arrays.fill(output, 0, padded * paddedDv, 0f);
    Arrays.fill(shifts, 0, padded, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0, padded * LANES, 0f);
    for (int r = 0; r < padded; r++) {
      norms[r] = Norms.norm(queries, r * dk, dk);
    }
    largestKeyNorm = 0;
  }

  /** Rounds a number of rows up to whole tiles. */
  public static int padRows(int rows) {
    return MicroKernel.padRows(rows);
  }

  /**
   * Attends to all keys.
   *
   * @param keys shape (m, dk)
   * @param values shape (m, dv)
   * @param top takes the highest scores of each row; null if nobody asks for them
   * @param exactScores settles near ties of {@code top}
   */
  public void attend(Matrix keys, Matrix values, TopKeys top, TopKeys.ExactScores exactScores) {
    for (int from = 0; from < keys.rows(); from += KEY_BLOCK) {
      int count = Math.min(KEY_BLOCK, keys.rows() - from);
      packKeys(keys, from, count);
      Panels.packValues(values, from, count, valuePanels, count);
      for (int r = 0; r < rows; r += ROWS) {
        score(r, count);
        if (top != null) {
          offer(top, exactScores, r, count, from);
        }
        weigh(r, count);
      }
    }
  }

  /** Only finds the highest scores of each row, see {@link #attend}. */
  public void select(Matrix keys, TopKeys top, TopKeys.ExactScores exactScores) {
    for (int from = 0; from < keys.rows(); from += KEY_BLOCK) {
      int count = Math.min(KEY_BLOCK, keys.rows() - from);
      packKeys(keys, from, count);
      for (int r = 0; r < rows; r += ROWS) {
        score(r, count);
        offer(top, exactScores, r, count, from);
      }
    }
  }

  /** Packs a block of keys and takes note of the longest; what fills up the last panel is zero. */
  private void packKeys(Matrix keys, int from, int count) {
    int depth = Panels.padDepth(dk);
    int padded = MicroKernel.padColumns(count);
    Panels.copyRows(keys, from, count, 0, dk, staged, 0, depth);
    Arrays.fill(staged, count * depth, padded * depth, 0f);
    Panels.packKeys(staged, 0, count, dk, keyPanels, 0, transposed);
    largestKeyNorm = Math.max(largestKeyNorm, Norms.largest(keyPanels, depth, padded));
  }

  /** Returns whether no score of a row, so far, can leave the bound; false for NaN. */
  private boolean bounded(int row) {
    return norms[row] * largestKeyNorm <= OnlineSoftmax.BOUND;
  }

  /** Returns how far a float32 score of a row, so far, can be from the exact one. */
  private float scoreError(int row) {
    // Rounding of dk products and sums, of the packed query, and of the norms themselves.
    return (dk + 4) * 0x1.1p-24f * norms[row] * largestKeyNorm + Float.MIN_NORMAL;
  }

  private void score(int row, int count) {
    int padded = MicroKernel.padColumns(count);
    MicroKernel.multiplyPanels(
        queries, row * dk, dk, keyPanels, dk, Panels.padDepth(dk), padded, tile, 0, KEY_BLOCK);
  }

  private void offer(TopKeys top, TopKeys.ExactScores exact, int row, int count, int firstKey) {
    boolean finite = largestKeyNorm <= Float.MAX_VALUE;
    for (int r = row; r < Math.min(row + ROWS, rows); r++) {
      int at = (r - row) * KEY_BLOCK;
      top.expect(r, scoreError(r));
      if (finite) {
        top.offer(r, tile, at, count, firstKey, exact);
      } else {
        top.rankNaNLast(r, tile, at, count, ranked);
        top.offer(r, ranked, 0, count, firstKey, exact);
      }
    }
  }

  private void weigh(int row, int count) {
    for (int r = row; r < row + ROWS; r++) {
      int at = (r - row) * KEY_BLOCK;
      if (bounded(r)) {
        shifts[r] = 0f;
      } else {
        float factor = OnlineSoftmax.raise(tile, at, count, shifts, r);
        if (factor != 1f) {
          OnlineSoftmax.scale(sums, r * LANES, LANES, factor);
          OnlineSoftmax.scale(output, r * paddedDv, paddedDv, factor);
        }
      }
      OnlineSoftmax.exponentiate(tile, at, count, shifts[r], sums, r * LANES);
    }
    MicroKernel.multiplyPanels(
        tile, 0, KEY_BLOCK, valuePanels, count, count, paddedDv, product, 0, paddedDv);
    int at = row * paddedDv;
    MicroKernel.addTile(product, ROWS, paddedDv, output, at, paddedDv, output, at, paddedDv);
  }

  /**
   * Divides by the sums and writes the block's rows.
   *
   * @param out shape (n, dv)
   * @param first row of out that the first query of the block belongs to
   */
  public void finish(Matrix out, int first) {
    for (int r = 0; r < rows; r++) {
      normalize(r);
      store(r, out, first + r);
    }
  }

  /** Divides a row's output by its sum; done once for each row, after the last key. */
  public void normalize(int row) {
    OnlineSoftmax.scale(output, row * paddedDv, dv, 1f / total(row));
  }

  /** Writes a row's output, normalised before, to a row of {@code out}. */
  public void store(int row, Matrix out, int outRow) {
    Panels.storeRow(output, row * paddedDv, out, outRow, 0, dv);
  }

  /** Copies a row's output, dv floats. */
  public void copyOutput(int row, float[] to) {
    System.arraycopy(output, row * paddedDv, to, 0, dv);
  }

  /**
   * Writes a row's output times a factor as row {@code r} of column panels of {@code depth} rows.
   */
  void packOutput(int row, float factor, float[] panels, int r, int depth) {
    for (int from = 0; from < paddedDv; ) {
      int width = MicroKernel.panelWidth(from, paddedDv);
      int at = from * depth + r * width;
      System.arraycopy(output, row * paddedDv + from, panels, at, width);
      OnlineSoftmax.scale(panels, at, width, factor);
      from += width;
    }
  }

  /** Returns the sum of a row's numerators. */
  public float total(int row) {
    return OnlineSoftmax.total(sums, row * LANES);
  }

  /** Returns the exponent that a row's numerators are relative to. */
  public float shift(int row) {
    return shifts[row];
  }
}
