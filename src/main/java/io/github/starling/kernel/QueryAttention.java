package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Exact softmax attention of one query, as a decoder has for each token.
 *
 * <pre>
 *             keys, channel by channel            values, channel by channel
 *             +-----------------------+           +-----------------------+
 * query c ──► | k₀c  k₁c  k₂c  …      |           | v₀c  v₁c  v₂c  …      | ──► output c
 *             +-----------------------+           +-----------------------+
 * score       columns are summed down             rows are weighed and summed along
 * </pre>
 *
 * <p>arXiv:2007.04825 §3.1 for one query; O(m·(dk + dv)), as many loads as multiplications, so
 * nothing is packed first. Scratch memory of one thread.
 */
public final class QueryAttention {
  private float[] weights = {};
  private float[] query = {};
  private float[] output = {};
  private final float[] sums = new float[LANES];

  /** Begins without scratch memory. */
  public QueryAttention() {}

  /** Rounds a number of keys up to what the rows of keys and values must have room for. */
  public static int paddedKeys(int keys) {
    return Math.ceilDiv(keys, LANES) * LANES;
  }

  /**
   * Computes one output.
   *
   * @param query shape (1, dk)
   * @param keys shape (dk, m), m ≥ 1, with {@link #paddedKeys} floats to a row, the last of which
   *     are finite
   * @param values shape (dv, m), likewise
   * @param factor {@link RowAttention#scoreFactor} of the scale
   * @param out shape (1, dv)
   */
  public void attend(Matrix query, Matrix keys, Matrix values, double factor, Matrix out) {
    int dk = query.columns();
    int dv = out.columns();
    int m = keys.columns();
    assert keys.rows() == dk && values.rows() == dv && values.columns() == m && m > 0;
    reserve(dk, dv, paddedKeys(m));
    MemorySegment.copy(query.data(), Matrix.FLOAT, query.byteOffset(0), this.query, 0, dk);
    OnlineSoftmax.scale(this.query, 0, dk, (float) factor);
    int j = 0;
    for (; j + 4 * LANES <= m; j += 4 * LANES) {
      scoreFour(keys, j);
    }
    for (; j < m; j += LANES) {
      scoreOne(keys, j);
    }
    float largest = OnlineSoftmax.largest(weights, 0, m);
    for (int i = 0; i < LANES; i++) {
      sums[i] = 0;
    }
    OnlineSoftmax.exponentiate(weights, 0, m, largest, sums, 0);
    int c = 0;
    for (; c + 4 <= dv; c += 4) {
      sumFour(values, c, m);
    }
    for (; c < dv; c++) {
      sumOne(values, c, m);
    }
    OnlineSoftmax.scale(output, 0, dv, 1 / OnlineSoftmax.total(sums, 0));
    MemorySegment.copy(output, 0, out.data(), Matrix.FLOAT, out.byteOffset(0), dv);
  }

  private void reserve(int dk, int dv, int padded) {
    if (query.length < dk) {
      query = new float[dk];
    }
    if (output.length < dv) {
      output = new float[dv];
    }
    if (weights.length < padded) {
      weights = new float[Math.max(padded, 2 * weights.length)];
    }
  }

  private void scoreFour(Matrix keys, int first) {
    var data = keys.data();
    var s0 = FloatVector.zero(FLOATS);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    long at = keys.byteOffset(0) + 4L * first;
    long step = 4L * keys.rowStride();
    for (int c = 0; c < keys.rows(); c++, at += step) {
      var q = FloatVector.broadcast(FLOATS, query[c]);
      s0 = FloatVector.fromMemorySegment(FLOATS, data, at, LITTLE_ENDIAN).fma(q, s0);
      s1 = FloatVector.fromMemorySegment(FLOATS, data, at + 4L * LANES, LITTLE_ENDIAN).fma(q, s1);
      s2 = FloatVector.fromMemorySegment(FLOATS, data, at + 8L * LANES, LITTLE_ENDIAN).fma(q, s2);
      s3 = FloatVector.fromMemorySegment(FLOATS, data, at + 12L * LANES, LITTLE_ENDIAN).fma(q, s3);
    }
    s0.intoArray(weights, first);
    s1.intoArray(weights, first + LANES);
    s2.intoArray(weights, first + 2 * LANES);
    s3.intoArray(weights, first + 3 * LANES);
  }

  private void scoreOne(Matrix keys, int first) {
    var s = FloatVector.zero(FLOATS);
    long at = keys.byteOffset(0) + 4L * first;
    long step = 4L * keys.rowStride();
    for (int c = 0; c < keys.rows(); c++, at += step) {
      s =
          FloatVector.fromMemorySegment(FLOATS, keys.data(), at, LITTLE_ENDIAN)
              .fma(FloatVector.broadcast(FLOATS, query[c]), s);
    }
    s.intoArray(weights, first);
  }

  private void sumFour(Matrix values, int channel, int m) {
    var data = values.data();
    var s0 = FloatVector.zero(FLOATS);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    long at = values.byteOffset(channel);
    long step = 4L * values.rowStride();
    for (int j = 0; j < m; j += LANES, at += 4L * LANES) {
      var w = FloatVector.fromArray(FLOATS, weights, j);
      s0 = FloatVector.fromMemorySegment(FLOATS, data, at, LITTLE_ENDIAN).fma(w, s0);
      s1 = FloatVector.fromMemorySegment(FLOATS, data, at + step, LITTLE_ENDIAN).fma(w, s1);
      s2 = FloatVector.fromMemorySegment(FLOATS, data, at + 2 * step, LITTLE_ENDIAN).fma(w, s2);
      s3 = FloatVector.fromMemorySegment(FLOATS, data, at + 3 * step, LITTLE_ENDIAN).fma(w, s3);
    }
    output[channel] = Reduction.sum(s0);
    output[channel + 1] = Reduction.sum(s1);
    output[channel + 2] = Reduction.sum(s2);
    output[channel + 3] = Reduction.sum(s3);
  }

  private void sumOne(Matrix values, int channel, int m) {
    var s = FloatVector.zero(FLOATS);
    long at = values.byteOffset(channel);
    for (int j = 0; j < m; j += LANES, at += 4L * LANES) {
      s =
          FloatVector.fromMemorySegment(FLOATS, values.data(), at, LITTLE_ENDIAN)
              .fma(FloatVector.fromArray(FLOATS, weights, j), s);
    }
    output[channel] = Reduction.sum(s);
  }
}
