package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;

/** One query and a few adjacent keys: too few for a tile, and other ones for each query. */
final class NearKeys {
  private NearKeys() {}

  /**
   * Computes the scores of queries, each on keys of its own.
   *
   * @param queries dense rows of {@code depth} floats, whole vectors
   * @param keys dense rows as long
   * @param from the first key of each query
   * @param count keys of a query; up to two rows behind its last are read, and their scores dropped
   * @param scores out, rows {@code ld} apart, at least count + 2 each
   */
  static void score(
      float[] queries,
      int rows,
      float[] keys,
      int depth,
      int[] from,
      int count,
      float[] scores,
      int ld) {
    for (int r = 0; r < rows; r++) {
      int first = from[r] * depth;
      for (int j = 0; j < count; j += 3) {
        int at = first + j * depth;
        var s0 = FloatVector.zero(FLOATS);
        var s1 = s0;
        var s2 = s0;
        for (int c = 0; c < depth; c += LANES) {
          var x = FloatVector.fromArray(FLOATS, queries, r * depth + c);
          s0 = x.fma(FloatVector.fromArray(FLOATS, keys, at + c), s0);
          s1 = x.fma(FloatVector.fromArray(FLOATS, keys, at + depth + c), s1);
          s2 = x.fma(FloatVector.fromArray(FLOATS, keys, at + 2 * depth + c), s2);
        }
        scores[r * ld + j] = Reduction.sum(s0);
        scores[r * ld + j + 1] = Reduction.sum(s1);
        scores[r * ld + j + 2] = Reduction.sum(s2);
      }
    }
  }

  /**
   * Replaces scores by 2^(score − shift) − factor · the centroid's numerator, 0 where that is 0,
   * and adds them to the sums of their rows, one per lane.
   *
   * @param scores rows {@code ld} apart, whole vectors
   * @param numerators of the centroid, and {@code ld} floats more
   * @param from the first key of each query
   * @param used ones, as many as the row has keys, then zeros, {@code ld} for each row
   * @param subtracted the factor of each row
   */
  static void weigh(
      float[] scores,
      int rows,
      int ld,
      float[] numerators,
      int[] from,
      float[] used,
      float[] shifts,
      float[] subtracted,
      float[] sums) {
    var zero = FloatVector.zero(FLOATS);
    for (int r = 0; r < rows; r++) {
      var sum = FloatVector.fromArray(FLOATS, sums, r * LANES);
      for (int j = 0; j < ld; j += LANES) {
        int at = r * ld + j;
        var numerator =
            FloatVector.fromArray(FLOATS, numerators, from[r] + j)
                .mul(FloatVector.fromArray(FLOATS, used, at));
        var e = Exp2.exp2(FloatVector.fromArray(FLOATS, scores, at).sub(shifts[r]));
        var weight = zero.blend(e.sub(numerator.mul(subtracted[r])), numerator.compare(GT, 0f));
        weight.intoArray(scores, at);
        sum = sum.add(weight);
      }
      sum.intoArray(sums, r * LANES);
    }
  }

  /** Computes Σ numerator of the keys that each row uses, as {@link #weigh} has them. */
  static void sum(float[] numerators, int rows, int ld, int[] from, float[] used, float[] sums) {
    for (int r = 0; r < rows; r++) {
      var sum = FloatVector.zero(FLOATS);
      for (int j = 0; j < ld; j += LANES) {
        sum =
            FloatVector.fromArray(FLOATS, numerators, from[r] + j)
                .fma(FloatVector.fromArray(FLOATS, used, r * ld + j), sum);
      }
      sums[r] = Reduction.sum(sum);
    }
  }

  /**
   * Computes out = factor · out + Σⱼ weightⱼ · valueⱼ of each row.
   *
   * @param out dense rows of {@code width} floats, whole vectors
   * @param factors of the rows
   * @param weights rows {@code ld} apart
   * @param values dense rows of {@code width}
   * @param from the first value of each row
   * @param count values of a row
   */
  static void add(
      float[] out,
      int rows,
      int width,
      float[] factors,
      float[] weights,
      int ld,
      float[] values,
      int[] from,
      int count) {
    for (int r = 0; r < rows; r++) {
      var factor = FloatVector.broadcast(FLOATS, factors[r]);
      int c = 0;
      for (; c + 4 * LANES <= width; c += 4 * LANES) {
        int to = r * width + c;
        var s0 = FloatVector.fromArray(FLOATS, out, to).mul(factor);
        var s1 = FloatVector.fromArray(FLOATS, out, to + LANES).mul(factor);
        var s2 = FloatVector.fromArray(FLOATS, out, to + 2 * LANES).mul(factor);
        var s3 = FloatVector.fromArray(FLOATS, out, to + 3 * LANES).mul(factor);
        for (int j = 0; j < count; j++) {
          int row = (from[r] + j) * width + c;
          var w = FloatVector.broadcast(FLOATS, weights[r * ld + j]);
          s0 = w.fma(FloatVector.fromArray(FLOATS, values, row), s0);
          s1 = w.fma(FloatVector.fromArray(FLOATS, values, row + LANES), s1);
          s2 = w.fma(FloatVector.fromArray(FLOATS, values, row + 2 * LANES), s2);
          s3 = w.fma(FloatVector.fromArray(FLOATS, values, row + 3 * LANES), s3);
        }
        s0.intoArray(out, to);
        s1.intoArray(out, to + LANES);
        s2.intoArray(out, to + 2 * LANES);
        s3.intoArray(out, to + 3 * LANES);
      }
      for (; c < width; c += LANES) {
        var s = FloatVector.fromArray(FLOATS, out, r * width + c).mul(factor);
        for (int j = 0; j < count; j++) {
          var w = FloatVector.broadcast(FLOATS, weights[r * ld + j]);
          s = w.fma(FloatVector.fromArray(FLOATS, values, (from[r] + j) * width + c), s);
        }
        s.intoArray(out, r * width + c);
      }
    }
  }
}
