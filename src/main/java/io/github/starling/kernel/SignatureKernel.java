package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;

import io.github.starling.tensor.Matrix;
import jdk.incubator.vector.FloatVector;

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
 * query in a hundred has a bit to sum again.
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
      for (int i = 0; i < rows; i++) {
        signatures[first + r + i] = pack(scratch, i * dk, products + i * padded);
      }
    }
  }

  private long pack(float[] scratch, int queryAt, int productsAt) {
    // Rounding of dk + 1 sums, each of at most ‖q‖₁ · largest plane + largest threshold.
    float error =
        (dk + 2) * 0x1.1p-24f * (absoluteSum(scratch, queryAt) * largestPlane + largestThreshold)
            + Float.MIN_NORMAL;
    long word = 0;
    long certain = 0;
    for (int b = 0; b < padded; b += LANES) {
      var x = FloatVector.fromArray(FLOATS, scratch, productsAt + b);
      var above = x.sub(FloatVector.fromArray(FLOATS, thresholds, b));
      word |= above.compare(GT, 0f).toLong() << b;
      certain |= above.lanewise(ABS).compare(GE, error).toLong() << b;
    }
    long valid = -1L >>> (Long.SIZE - bits);
    // An infinite error says nothing is certain, and ∞ ≥ ∞ would say it is.
    long uncertain = error <= Float.MAX_VALUE ? ~certain & valid : valid;
    return uncertain == 0 ? word & valid : settle(word & valid, uncertain, scratch, queryAt);
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

  private float absoluteSum(float[] values, int at) {
    var sum = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(dk);
    int d = 0;
    for (; d < bound; d += LANES) {
      sum = sum.add(FloatVector.fromArray(FLOATS, values, at + d).lanewise(ABS));
    }
    float rest = 0;
    for (; d < dk; d++) {
      rest += Math.abs(values[at + d]);
    }
    return Reduction.sum(sum) + rest;
  }
}
