package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * Exact attention to a few keys in plain loops, bit for bit that of {@link RowAttention}.
 *
 * <p>For a program's first calls, see {@link ColdStart}.
 */
public final class PlainAttention {
  private static final int MOST_KEYS = 128; // one block: one shift for all

  private final float[][] keys;
  private final float[][] values;
  private final float largestKeyNorm;

  private PlainAttention(Matrix k, Matrix v) {
    keys = k.toArray();
    values = v.toArray();
    float square = 0;
    for (float[] key : keys) {
      float sum = 0;
      for (float x : key) {
        sum = Math.fma(x, x, sum);
      }
      square = Math.max(square, sum);
    }
    largestKeyNorm = (float) Math.sqrt(square);
  }

  /**
   * Tells whether a call should be done here.
   *
   * @param mostKeys the most keys of any head
   * @param operations multiplications of all heads together
   */
  public static boolean suits(int mostKeys, long operations) {
    return mostKeys <= MOST_KEYS && ColdStart.lasts(operations);
  }

  /**
   * Attends to all keys.
   *
   * @param q shape (n, dk)
   * @param k shape (m, dk)
   * @param v shape (m, dv)
   * @param factor {@link RowAttention#scoreFactor} of the scale
   * @param out shape (n, dv)
   */
  public static void attend(Matrix q, Matrix k, Matrix v, double factor, Matrix out) {
    var attention = new PlainAttention(k, v);
    float[][] queries = q.toArray();
    for (float[] query : queries) {
      scale(query, factor);
    }
    for (int r = 0; r < queries.length; r++) {
      boolean bounded = norm(queries[r]) * attention.largestKeyNorm <= OnlineSoftmax.BOUND;
      float[] row = attention.attend(queries[r], bounded);
      MemorySegment.copy(row, 0, out.data(), Matrix.FLOAT, out.byteOffset(r), row.length);
    }
  }

  private static void scale(float[] query, double factor) {
    float high = (float) factor;
    float low = (float) (factor - high);
    for (int d = 0; d < query.length; d++) {
      query[d] = Math.fma(query[d], high, query[d] * low);
    }
  }

  private static float norm(float[] row) {
    var lanes = new float[ColdStart.LANES];
    int bound = row.length / lanes.length * lanes.length;
    for (int i = 0; i < bound; i++) {
      lanes[i % lanes.length] = Math.fma(row[i], row[i], lanes[i % lanes.length]);
    }
    float rest = 0;
    for (int i = bound; i < row.length; i++) {
      rest += row[i] * row[i];
    }
    return (float) Math.sqrt(ColdStart.sum(lanes) + rest);
  }

  private float[] attend(float[] query, boolean bounded) {
    var scores = new float[keys.length];
    float shift = Float.NEGATIVE_INFINITY;
    for (int t = 0; t < scores.length; t++) {
      float sum = 0;
      for (int d = 0; d < query.length; d++) {
        sum = Math.fma(query[d], keys[t][d], sum);
      }
      scores[t] = sum;
      shift = sum > shift ? sum : shift;
    }
    if (bounded) {
      shift = 0;
    }
    var lanes = new float[ColdStart.LANES];
    var output = new float[values[0].length];
    for (int t = 0; t < scores.length; t++) {
      float weight = PlainExp2.exp2(scores[t] - shift);
      lanes[t % lanes.length] += weight;
      for (int d = 0; d < output.length; d++) {
        output[d] = Math.fma(weight, values[t][d], output[d]);
      }
    }
    float inverse = 1f / ColdStart.sum(lanes);
    for (int d = 0; d < output.length; d++) {
      output[d] *= inverse;
    }
    return output;
  }
}
