package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.Lanes.LONGS;
import static io.github.starling.kernel.Panels.KEY_BLOCK;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;

/**
 * Exact attention of a few listed queries, bit for bit that of {@link RowAttention}.
 *
 * <pre>
 * keys     two side by side: a 64-bit broadcast is (k₀[d], k₁[d], k₀[d], k₁[d], …)
 * queries  each twice, half a vector's lanes of them are a group: (q₀[d], q₀[d], q₁[d], q₁[d], …)
 * scores   [pair of keys][query][2]  →  2^(score − shift)  →  · values (b, dv)  →  += output (4, dv)
 * </pre>
 *
 * <p>A few queries do not pay for the transposed panels of {@link RowAttention}. Pairs of keys cost
 * a fraction of those, and half a vector's lanes of queries leave no lane idle. Every sum is made
 * in the same order. Scratch memory, allocated once: O(rows · (dk + b + dv) + b · dv).
 */
public final class GatheredAttention {
  /** Queries of a group. */
  private static final int GROUP = LANES / 2;

  /** Pairs of keys of a tile: as many accumulators hide the latency of a FMA. */
  private static final int PAIRS = 8;

  /** Rows of a tile of the product with values. */
  private static final int ROWS = 4;

  /** Scores of a group and a block of keys. */
  private static final int SCORES = KEY_BLOCK * GROUP;

  private static final long LOW = 0xffff_ffffL;

  private final int dk;
  private final int dv;
  private final int paddedDv;
  private final int queryFloats;
  private final float[] queries;
  private final float[] row;
  private final float[] norms;
  private final float[] shifts;
  private final float[] sums;
  private final float[] output;
  private final float[] scores;
  private final long[] tile;
  private final float[] valuePanels;
  private final float[] product;
  private final float[] lanes = new float[LANES];
  private int rows;
  private float largestKeyNorm;

  /**
   * Allocates scratch memory.
   *
   * @param capacity the most queries at once
   * @param dk columns of queries and keys
   * @param dv columns of values
   */
  public GatheredAttention(int capacity, int dk, int dv) {
    this.dk = dk;
    this.dv = dv;
    paddedDv = MicroKernel.padColumns(dv);
    queryFloats = (dk + 1) / 2 * 2 * LANES;
    int padded = padRows(capacity);
    queries = new float[padded / GROUP * queryFloats];
    row = new float[dk];
    norms = new float[padded];
    shifts = new float[2 * padded];
    sums = new float[padded * LANES];
    output = new float[padded * paddedDv];
    scores = new float[padded / GROUP * SCORES];
    tile = new long[PAIRS * Panels.padDepth(dk)];
    valuePanels = new float[KEY_BLOCK * paddedDv];
    product = new float[ROWS * paddedDv];
  }

  /** Rounds a number of rows up to whole groups and tiles. */
  private static int padRows(int rows) {
    int whole = Math.max(GROUP, ROWS);
    return Math.ceilDiv(rows, whole) * whole;
  }

  /**
   * Takes the next queries.
   *
   * @param q shape (n, dk)
   * @param list positions of queries, from {@code from} on
   * @param count how many, at most the capacity
   * @param factor {@link RowAttention#scoreFactor} of the scale τ
   */
  public void begin(Matrix q, int[] list, int from, int count, double factor) {
    assert q.columns() == dk && padRows(count) <= norms.length;
    rows = count;
    int padded = padRows(count);
    Arrays.fill(norms, count, padded, 0f);
    Arrays.fill(queries, 0, padded / GROUP * queryFloats, 0f);
    for (int r = 0; r < count; r++) {
      Panels.scaleRow(q, list[from + r], factor, row, 0);
      norms[r] = Norms.norm(row, 0, dk);
      int at = r / GROUP * queryFloats + 2 * (r % GROUP);
      for (int d = 0; d < dk; d++) {
        queries[at + d * LANES] = row[d];
        queries[at + d * LANES + 1] = row[d];
      }
    }
    Arrays.fill(shifts, 0, 2 * padded, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0, padded * LANES, 0f);
    Arrays.fill(output, 0, padded * paddedDv, 0f);
    largestKeyNorm = 0;
  }

  /**
   * Attends to all keys.
   *
   * @param keys shape (m, dk)
   * @param values shape (m, dv)
   */
  public void attend(Matrix keys, Matrix values) {
    int padded = padRows(rows);
    for (int from = 0; from < keys.rows(); from += KEY_BLOCK) {
      int count = Math.min(KEY_BLOCK, keys.rows() - from);
      int pairs = (count + 1) / 2;
      score(keys, from, count, padded);
      packValues(values, from, count);
      for (int g = 0; g < padded / GROUP; g++) {
        weigh(g, count);
      }
      for (int r = 0; r < padded; r += ROWS) {
        addValues(r, pairs);
      }
    }
  }

  /** Fills the scores of a block of keys and takes note of the longest. */
  private void score(Matrix keys, int from, int count, int padded) {
    float square = 0;
    for (int first = 0; first < count; first += 2 * PAIRS) {
      for (int p = 0; p < PAIRS; p++) {
        // Beyond the last key it comes again; its weight is nothing.
        long k0 = keys.byteOffset(from + Math.min(first + 2 * p, count - 1));
        long k1 = keys.byteOffset(from + Math.min(first + 2 * p + 1, count - 1));
        square = Math.max(square, pack(keys.data(), k0, k1, dk, tile, p * LANES));
      }
      for (int g = 0; g < padded / GROUP; g++) {
        multiplyKeys(tile, queries, g * queryFloats, dk, scores, g * SCORES + first * GROUP);
      }
    }
    largestKeyNorm = Math.max(largestKeyNorm, (float) Math.sqrt(square));
  }

  /**
   * Packs two keys, [dk / LANES][PAIRS][LANES] pairs: the even columns of each vector, then the odd
   * ones, which takes no shuffle.
   *
   * @param k0 byte offset of a key
   * @param k1 byte offset of the next
   * @return the larger ‖key‖₂²
   */
  private static float pack(MemorySegment data, long k0, long k1, int dk, long[] tile, int pair) {
    var square0 = FloatVector.zero(FLOATS);
    var square1 = square0;
    int at = pair;
    int d = 0;
    for (; d + LANES <= dk; d += LANES) {
      var x0 = FloatVector.fromMemorySegment(FLOATS, data, k0 + 4L * d, LITTLE_ENDIAN);
      var x1 = FloatVector.fromMemorySegment(FLOATS, data, k1 + 4L * d, LITTLE_ENDIAN);
      square0 = x0.fma(x0, square0);
      square1 = x1.fma(x1, square1);
      var b0 = x0.reinterpretAsLongs();
      var b1 = x1.reinterpretAsLongs();
      b0.and(LOW).or(b1.lanewise(LSHL, 32)).intoArray(tile, at);
      b0.lanewise(LSHR, 32).or(b1.and(~LOW)).intoArray(tile, at + GROUP);
      at += PAIRS * LANES;
    }
    float rest0 = 0;
    float rest1 = 0;
    for (int c = 0; d + c < dk; c++) {
      float x0 = data.get(Matrix.FLOAT, k0 + 4L * (d + c));
      float x1 = data.get(Matrix.FLOAT, k1 + 4L * (d + c));
      rest0 = Math.fma(x0, x0, rest0);
      rest1 = Math.fma(x1, x1, rest1);
      long bits = Float.floatToRawIntBits(x0) & LOW | (long) Float.floatToRawIntBits(x1) << 32;
      tile[at + c % 2 * GROUP + c / 2] = bits;
    }
    return Math.max(Reduction.sum(square0) + rest0, Reduction.sum(square1) + rest1);
  }

  /** Eight pairs of keys by a group of queries: one accumulator each. */
  private static void multiplyKeys(
      long[] tile, float[] queries, int at, int dk, float[] scores, int to) {
    var c0 = FloatVector.zero(FLOATS);
    var c1 = c0;
    var c2 = c0;
    var c3 = c0;
    var c4 = c0;
    var c5 = c0;
    var c6 = c0;
    var c7 = c0;
    for (int d = 0; d < dk; d += 2) {
      int k = d / LANES * (PAIRS * LANES) + d % LANES / 2;
      var q0 = FloatVector.fromArray(FLOATS, queries, at + d * LANES);
      var q1 = FloatVector.fromArray(FLOATS, queries, at + d * LANES + LANES);
      c0 = q0.fma(pair(tile, k + 0 * LANES), c0);
      c1 = q0.fma(pair(tile, k + 1 * LANES), c1);
      c2 = q0.fma(pair(tile, k + 2 * LANES), c2);
      c3 = q0.fma(pair(tile, k + 3 * LANES), c3);
      c4 = q0.fma(pair(tile, k + 4 * LANES), c4);
      c5 = q0.fma(pair(tile, k + 5 * LANES), c5);
      c6 = q0.fma(pair(tile, k + 6 * LANES), c6);
      c7 = q0.fma(pair(tile, k + 7 * LANES), c7);
      c0 = q1.fma(pair(tile, k + 0 * LANES + GROUP), c0);
      c1 = q1.fma(pair(tile, k + 1 * LANES + GROUP), c1);
      c2 = q1.fma(pair(tile, k + 2 * LANES + GROUP), c2);
      c3 = q1.fma(pair(tile, k + 3 * LANES + GROUP), c3);
      c4 = q1.fma(pair(tile, k + 4 * LANES + GROUP), c4);
      c5 = q1.fma(pair(tile, k + 5 * LANES + GROUP), c5);
      c6 = q1.fma(pair(tile, k + 6 * LANES + GROUP), c6);
      c7 = q1.fma(pair(tile, k + 7 * LANES + GROUP), c7);
    }
    c0.intoArray(scores, to + 0 * LANES);
    c1.intoArray(scores, to + 1 * LANES);
    c2.intoArray(scores, to + 2 * LANES);
    c3.intoArray(scores, to + 3 * LANES);
    c4.intoArray(scores, to + 4 * LANES);
    c5.intoArray(scores, to + 5 * LANES);
    c6.intoArray(scores, to + 6 * LANES);
    c7.intoArray(scores, to + 7 * LANES);
  }

  private static FloatVector pair(long[] tile, int at) {
    return LongVector.broadcast(LONGS, tile[at]).reinterpretAsFloats();
  }

  /** Turns the scores of a group into numerators and adds them to its sums. */
  private void weigh(int group, int count) {
    int at = group * SCORES;
    int pairs = (count + 1) / 2;
    for (int i = 1; count % 2 != 0 && i < LANES; i += 2) {
      scores[at + (pairs - 1) * LANES + i] = Float.NEGATIVE_INFINITY;
    }
    boolean hasMaxima = false;
    for (int r = group * GROUP; r < (group + 1) * GROUP; r++) {
      if (norms[r] * largestKeyNorm <= OnlineSoftmax.BOUND) {
        shifts[2 * r] = 0f;
        shifts[2 * r + 1] = 0f;
      } else {
        if (!hasMaxima) {
          largest(scores, at, pairs, lanes);
          hasMaxima = true;
        }
        raise(r);
      }
    }
    exponentiate(scores, at, pairs, shifts, group * LANES, sums);
  }

  /** Raises the shift of a row, see {@link OnlineSoftmax#raise}. */
  private void raise(int r) {
    int lane = 2 * (r % GROUP);
    float largest = Math.max(lanes[lane], lanes[lane + 1]);
    float factor = OnlineSoftmax.raiseTo(largest, shifts, 2 * r);
    shifts[2 * r + 1] = shifts[2 * r];
    if (factor != 1f) {
      for (int i = 0; i < GROUP; i++) {
        int sum = r / GROUP * GROUP * LANES + i * LANES + lane;
        sums[sum] *= factor;
        sums[sum + 1] *= factor;
      }
      OnlineSoftmax.scale(output, r * paddedDv, paddedDv, factor);
    }
  }

  /** Fills {@code out} with the largest score in each lane, NaN aside. */
  private static void largest(float[] scores, int at, int pairs, float[] out) {
    var max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int p = 0; p < pairs; p++) {
      var x = FloatVector.fromArray(FLOATS, scores, at + p * LANES);
      max = max.blend(x, x.compare(GT, max));
    }
    max.intoArray(out, 0);
  }

  /**
   * Replaces scores by 2^(score − shift). Key t of a row is added to sum t % LANES of the row, as
   * {@link OnlineSoftmax#exponentiate} does.
   *
   * @param shifts at {@code group}, of each query twice
   * @param sums at {@code group} · GROUP, [key / 2 % GROUP][query][2]
   */
  private static void exponentiate(
      float[] scores, int at, int pairs, float[] shifts, int group, float[] sums) {
    var shift = FloatVector.fromArray(FLOATS, shifts, group);
    for (int p = 0; p < pairs; p++) {
      int sum = group * GROUP + p % GROUP * LANES;
      var e = Exp2.exp2(FloatVector.fromArray(FLOATS, scores, at + p * LANES).sub(shift));
      e.intoArray(scores, at + p * LANES);
      FloatVector.fromArray(FLOATS, sums, sum).add(e).intoArray(sums, sum);
    }
  }

  /** Packs a block of values, and zeros for what fills up the last pair. */
  private void packValues(Matrix values, int from, int count) {
    int depth = (count + 1) / 2 * 2;
    Panels.packValues(values, from, count, valuePanels, depth);
    for (int c = 0; count < depth && c < paddedDv; ) {
      int width = MicroKernel.panelWidth(c, paddedDv);
      int at = c * depth + count * width;
      Arrays.fill(valuePanels, at, at + width, 0f);
      c += width;
    }
  }

  /** Adds numerators times values to the output of four rows. */
  private void addValues(int row, int pairs) {
    int weights = row / GROUP * SCORES + 2 * (row % GROUP);
    for (int from = 0; from < paddedDv; ) {
      int width = MicroKernel.panelWidth(from, paddedDv);
      for (int c = 0; c < width; c += 2 * LANES) {
        int panel = from * 2 * pairs + c;
        multiplyValues(
            scores, weights, valuePanels, panel, width, pairs, product, from + c, paddedDv);
      }
      from += width;
    }
    int at = row * paddedDv;
    MicroKernel.addTile(product, ROWS, paddedDv, output, at, paddedDv, output, at, paddedDv);
  }

  /** Four rows by two vectors of values. */
  private static void multiplyValues(
      float[] weights,
      int at,
      float[] values,
      int vt,
      int width,
      int pairs,
      float[] c,
      int ct,
      int ldc) {
    var c00 = FloatVector.zero(FLOATS);
    var c01 = c00;
    var c10 = c00;
    var c11 = c00;
    var c20 = c00;
    var c21 = c00;
    var c30 = c00;
    var c31 = c00;
    for (int p = 0; p < pairs; p++) {
      for (int i = 0; i < 2; i++) {
        var v0 = FloatVector.fromArray(FLOATS, values, vt + (2 * p + i) * width);
        var v1 = FloatVector.fromArray(FLOATS, values, vt + (2 * p + i) * width + LANES);
        int w = at + p * LANES + i;
        var w0 = FloatVector.broadcast(FLOATS, weights[w + weight(0)]);
        c00 = w0.fma(v0, c00);
        c01 = w0.fma(v1, c01);
        var w1 = FloatVector.broadcast(FLOATS, weights[w + weight(1)]);
        c10 = w1.fma(v0, c10);
        c11 = w1.fma(v1, c11);
        var w2 = FloatVector.broadcast(FLOATS, weights[w + weight(2)]);
        c20 = w2.fma(v0, c20);
        c21 = w2.fma(v1, c21);
        var w3 = FloatVector.broadcast(FLOATS, weights[w + weight(3)]);
        c30 = w3.fma(v0, c30);
        c31 = w3.fma(v1, c31);
      }
    }
    c00.intoArray(c, ct + 0 * ldc);
    c01.intoArray(c, ct + 0 * ldc + LANES);
    c10.intoArray(c, ct + 1 * ldc);
    c11.intoArray(c, ct + 1 * ldc + LANES);
    c20.intoArray(c, ct + 2 * ldc);
    c21.intoArray(c, ct + 2 * ldc + LANES);
    c30.intoArray(c, ct + 3 * ldc);
    c31.intoArray(c, ct + 3 * ldc + LANES);
  }

  /** Returns how far a row of a tile's numerators lie behind those of its first. */
  private static int weight(int row) {
    return row / GROUP * SCORES + 2 * (row % GROUP);
  }

  /**
   * Divides a row by its sum and copies it; done once for each row, after the last key.
   *
   * @param out at least dv floats
   */
  public void finish(int row, float[] out) {
    int at = row / GROUP * GROUP * LANES + 2 * (row % GROUP);
    for (int i = 0; i < LANES; i++) {
      lanes[i] = sums[at + i / 2 * LANES + i % 2];
    }
    OnlineSoftmax.scale(output, row * paddedDv, dv, 1f / OnlineSoftmax.total(lanes, 0));
    System.arraycopy(output, row * paddedDv, out, 0, dv);
  }
}
