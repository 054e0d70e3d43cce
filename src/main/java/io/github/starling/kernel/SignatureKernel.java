package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.INTS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Hashes queries to the signs of their products with random planes, one bit a plane.
 *
 * <pre>
 * tile   6 queries × all planes by {@link MicroKernel}
 * pack   a vector of products > thresholds is a mask, a mask is LANES bits of the word
 * check  a product within its rounding error of the threshold is summed again in double, in column order
 * </pre>
 *
 * <p>So every bit is the bit of the double-precision formula, at 2·dk·bits flop a query; about one
 * query in fifty has a bit to sum again.
 */
public final class SignatureKernel {
  private final int dk;
  private final int bits;
  private final int padded;
  private final float[] planes;
  private final float[] panels;
  private final float[] thresholds;
  private final float largestPlane;
  private final float largestThreshold;

  /**
   * Packs the planes.
   *
   * @param planes shape (bits, dk + 1), row-major, the last column the thresholds
   * @param bits 1 to 64
   * @param dk columns of the queries
   */
  public SignatureKernel(float[] planes, int bits, int dk) {
    this.dk = dk;
    this.bits = bits;
    this.planes = planes;
    padded = MicroKernel.padColumns(bits);
    panels = new float[padded * dk];
    thresholds = new float[padded];
    Arrays.fill(thresholds, bits, padded, Float.MAX_VALUE); // no sign, and no doubt
    float plane = 0;
    float threshold = 0;
    for (int b = 0; b < bits; b++) {
      int from = b / MicroKernel.WIDE * MicroKernel.WIDE; // only the last may be narrow
      int width = MicroKernel.panelWidth(from, padded);
      for (int d = 0; d < dk; d++) {
        float p = planes[b * (dk + 1) + d];
        panels[from * dk + d * width + b - from] = p;
        plane = Math.max(plane, Math.abs(p));
      }
      thresholds[b] = planes[b * (dk + 1) + dk];
      threshold = Math.max(threshold, Math.abs(thresholds[b]));
    }
    largestPlane = plane;
    largestThreshold = threshold;
  }

  /** Returns how many floats of scratch memory {@link #hash} needs. */
  public int scratchFloats() {
    return ROWS * dk + ROWS * padded;
  }

  /**
   * Hashes queries.
   *
   * @param q shape (n, dk)
   * @param first the first query to hash
   * @param count how many
   * @param signatures out, shape (n)
   * @param scratch {@link #scratchFloats} floats
   */
  public void hash(Matrix q, int first, int count, long[] signatures, float[] scratch) {
    int products = ROWS * dk;
    for (int r = 0; r < count; r += ROWS) {
      int rows = Math.min(ROWS, count - r);
      Panels.packRows(q, first + r, rows, 1, scratch);
      MicroKernel.multiplyPanels(scratch, 0, dk, panels, dk, dk, padded, scratch, products, padded);
      float error = error(scratch);
      int doubtful = pack(scratch, products, rows, error, signatures, first + r);
      for (int i = 0; doubtful != 0; i++, doubtful >>>= 1) {
        if ((doubtful & 1) != 0) {
          long uncertain = uncertain(scratch, products + i * padded, error);
          long word = signatures[first + r + i];
          signatures[first + r + i] = settle(word, uncertain, scratch, i * dk);
        }
      }
    }
  }

  /**
   * Returns how far the products of six rows can be from exact ones: rounding of dk + 1 sums, each
   * of at most ‖q‖₁ · largest plane + largest threshold.
   */
  private float error(float[] scratch) {
    float sum = largestAbsoluteSum(scratch);
    return (dk + 2) * 0x1.1p-24f * (sum * largestPlane + largestThreshold) + Float.MIN_NORMAL;
  }

  /** Returns at least the largest ‖q‖₁ of six rows: LANES times the largest sum in a lane. */
  private float largestAbsoluteSum(float[] rows) {
    var largest = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(dk);
    float rest = 0;
    for (int r = 0; r < ROWS; r++) {
      var sum = FloatVector.zero(FLOATS);
      int d = 0;
      for (; d < bound; d += LANES) {
        sum = sum.add(FloatVector.fromArray(FLOATS, rows, r * dk + d).lanewise(ABS));
      }
      largest = largest.max(sum);
      float tail = 0;
      for (; d < dk; d++) {
        tail += Math.abs(rows[r * dk + d]);
      }
      rest = Math.max(rest, tail);
    }
    return largest.reduceLanes(MAX) * LANES + rest;
  }

  /**
   * Packs the signs of six rows, or fewer.
   *
   * @return the rows with a product within its error of the threshold, one bit each
   */
  private int pack(
      float[] scratch, int products, int rows, float error, long[] signatures, int first) {
    int doubtful = 0;
    int bound = Float.floatToRawIntBits(error); // positive floats are ordered as their bits are
    for (int i = 0; i < rows; i++) {
      long word = 0;
      var least = IntVector.broadcast(INTS, Integer.MAX_VALUE);
      for (int b = 0; b < padded; b += LANES) {
        var above = above(scratch, products + i * padded, b);
        word |= above.compare(GT, 0f).toLong() << b;
        least = least.min(above.reinterpretAsInts().and(Integer.MAX_VALUE));
      }
      signatures[first + i] = word;
      doubtful |= least.compare(LT, bound).anyTrue() ? 1 << i : 0;
    }
    // An infinite error says nothing is certain, and ∞ ≥ ∞ would say it is.
    return error <= Float.MAX_VALUE ? doubtful : -1 >>> (Integer.SIZE - rows);
  }

  private FloatVector above(float[] scratch, int products, int b) {
    return FloatVector.fromArray(FLOATS, scratch, products + b)
        .sub(FloatVector.fromArray(FLOATS, thresholds, b));
  }

  private long uncertain(float[] scratch, int products, float error) {
    long certain = 0;
    for (int b = 0; b < padded; b += LANES) {
      certain |= above(scratch, products, b).lanewise(ABS).compare(GE, error).toLong() << b;
    }
    long valid = -1L >>> (Long.SIZE - bits);
    return error <= Float.MAX_VALUE ? ~certain & valid : valid;
  }

  private long settle(long word, long uncertain, float[] scratch, int queryAt) {
    for (long rest = uncertain; rest != 0; rest &= rest - 1) {
      int b = Long.numberOfTrailingZeros(rest);
      int plane = b * (dk + 1);
      double sum = 0;
      for (int d = 0; d < dk; d++) {
        sum += (double) scratch[queryAt + d] * planes[plane + d];
      }
      long bit = 1L << b;
      word = sum > planes[plane + dk] ? word | bit : word & ~bit;
    }
    return word;
  }
}
