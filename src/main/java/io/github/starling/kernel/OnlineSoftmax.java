package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;

/**
 * Turns tiles of scores into softmax numerators, block of keys after block of keys.
 *
 * <p>Scores are in units of log 2, so a numerator is 2^(score − shift). A row's shift may be any
 * number near its largest score so far; the sum of numerators and the weighted values are kept
 * relative to it, so the quotient is exact softmax. Two ways to choose it:
 *
 * <ul>
 *   <li>bounded rows: while no score can leave ±{@link #BOUND} (Cauchy-Schwarz), the shift is 0 and
 *       no maximum is taken;
 *   <li>other rows: the running maximum, raised only when it rises by more than {@link #SLACK},
 *       since raising it means scaling what the row has gathered.
 * </ul>
 */
final class OnlineSoftmax {
  /** Scores within ±60 keep a sum of 2³¹ numerators, and their products with values, in range. */
  static final float BOUND = 60f;

  /** Numerators up to 2⁶ are as good as those up to 1. */
  private static final float SLACK = 6f;

  private OnlineSoftmax() {}

  /**
   * Replaces scores by 2^(score − shift) and adds them to the row's sums, one per lane.
   *
   * @param scores at {@code at}, shape (count), padded to whole vectors
   */
  static void exponentiate(
      float[] scores, int at, int count, float shift, float[] sums, int sumsAt) {
    // 2^−126 for what fills up the last vector: far below the last bit of any row's sum.
    Lanes.fillTail(scores, at, count, Float.NEGATIVE_INFINITY);
    var sum = FloatVector.fromArray(FLOATS, sums, sumsAt);
    for (int i = 0; i < count; i += LANES) {
      var e = Exp2.exp2(FloatVector.fromArray(FLOATS, scores, at + i).sub(shift));
      e.intoArray(scores, at + i);
      sum = sum.add(e);
    }
    sum.intoArray(sums, sumsAt);
  }

  /** Does the same, but gives a score of −∞ exactly 0: a masked row may have nothing but those. */
  static void exponentiateSeen(
      float[] scores, int at, int count, float shift, float[] sums, int sumsAt) {
    Lanes.fillTail(scores, at, count, Float.NEGATIVE_INFINITY);
    var sum = FloatVector.fromArray(FLOATS, sums, sumsAt);
    for (int i = 0; i < count; i += LANES) {
      var x = FloatVector.fromArray(FLOATS, scores, at + i);
      var e = Exp2.exp2(x.sub(shift)).blend(0f, x.compare(EQ, Float.NEGATIVE_INFINITY));
      e.intoArray(scores, at + i);
      sum = sum.add(e);
    }
    sum.intoArray(sums, sumsAt);
  }

  /**
   * Does the same for the rows of a tile.
   *
   * @param scores rows {@code ld} apart, each padded to whole vectors
   * @param shifts of the rows, from {@code row} on
   * @param sums of the rows, one per lane, from {@code row} on
   */
  static void exponentiateRows(
      float[] scores, int ld, int rows, int count, float[] shifts, int row, float[] sums) {
    for (int r = 0; r < rows; r++) {
      int at = r * ld;
      Lanes.fillTail(scores, at, count, Float.NEGATIVE_INFINITY);
      var shift = FloatVector.broadcast(FLOATS, shifts[row + r]);
      var sum = FloatVector.fromArray(FLOATS, sums, (row + r) * LANES);
      for (int i = 0; i < count; i += LANES) {
        var e = Exp2.exp2(FloatVector.fromArray(FLOATS, scores, at + i).sub(shift));
        e.intoArray(scores, at + i);
        sum = sum.add(e);
      }
      sum.intoArray(sums, (row + r) * LANES);
    }
  }

  /**
   * Divides rows by the totals of their sums.
   *
   * @param output dense rows of {@code width}, whole vectors
   */
  static void normalizeRows(float[] output, int width, int rows, float[] sums) {
    for (int r = 0; r < rows; r++) {
      float total = Reduction.sum(FloatVector.fromArray(FLOATS, sums, r * LANES));
      var factor = FloatVector.broadcast(FLOATS, 1f / total);
      for (int c = 0; c < width; c += LANES) {
        int at = r * width + c;
        FloatVector.fromArray(FLOATS, output, at).mul(factor).intoArray(output, at);
      }
    }
  }

  /**
   * Raises the shift of a row to the largest of these scores if that is well above it.
   *
   * @return the factor 2^(old shift − new shift) that what the row has gathered is to be scaled by;
   *     1 if the shift stays
   */
  static float raise(float[] scores, int at, int count, float[] shifts, int row) {
    return raiseTo(largest(scores, at, count), shifts, row);
  }

  /** Does the same with the largest score, NaN aside. */
  static float raiseTo(float largest, float[] shifts, int row) {
    float shift = shifts[row];
    if (!(largest > shift + SLACK)) {
      return 1f;
    }
    shifts[row] = largest;
    return (float) Math.pow(2, shift - largest);
  }

  /** Returns the largest score, NaN aside, see {@link #exponentiate}; −∞ if there is none. */
  static float largest(float[] scores, int at, int count) {
    Lanes.fillTail(scores, at, count, Float.NEGATIVE_INFINITY);
    var max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i += LANES) {
      var x = FloatVector.fromArray(FLOATS, scores, at + i);
      max = max.blend(x, x.compare(GT, max));
    }
    return Reduction.unordered(Reduction.ordered(max).reduceLanes(MAX));
  }

  /** Scales floats in place. */
  static void scale(float[] values, int at, int count, float factor) {
    int bound = FLOATS.loopBound(count);
    int i = 0;
    for (; i < bound; i += LANES) {
      FloatVector.fromArray(FLOATS, values, at + i).mul(factor).intoArray(values, at + i);
    }
    for (; i < count; i++) {
      values[at + i] *= factor;
    }
  }

  /** Adds {@code count} floats times a factor, whole vectors. */
  static void addScaled(float[] values, int at, float factor, float[] to, int tt, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(FLOATS, values, at + i)
          .fma(FloatVector.broadcast(FLOATS, factor), FloatVector.fromArray(FLOATS, to, tt + i))
          .intoArray(to, tt + i);
    }
  }

  /** Adds up the lanes of a row's sums. */
  static float total(float[] sums, int at) {
    return Reduction.sum(FloatVector.fromArray(FLOATS, sums, at));
  }
}
