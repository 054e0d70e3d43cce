package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;
import static io.github.starling.kernel.MicroKernel.WIDE;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Finds the random direction, of some and their opposites, that each query is nearest to.
 *
 * <pre>
 * 6 queries × all directions by {@link MicroKernel}  →  largest |product| of each row
 * products within twice their rounding error of it   →  summed again in double, in column order
 * </pre>
 *
 * <p>So every bucket is that of the double-precision formula, at 2·dk flop a query and direction.
 */
public final class AngularHashKernel {
  private final int dk;
  private final float[] directions;
  private final float[] panels;
  private final float longest;

  /**
   * Packs the directions.
   *
   * @param directions shape (h, dk), row-major
   * @param dk columns of the queries
   */
  public AngularHashKernel(float[] directions, int dk) {
    this.dk = dk;
    this.directions = directions;
    int count = directions.length / dk;
    panels = new float[Math.ceilDiv(count, WIDE) * WIDE * dk];
    float norm = 0;
    for (int b = 0; b < count; b++) {
      int panel = b / WIDE * WIDE;
      for (int d = 0; d < dk; d++) {
        panels[panel * dk + d * WIDE + b - panel] = directions[b * dk + d];
      }
      norm = Math.max(norm, Norms.norm(directions, b * dk, dk));
    }
    longest = norm;
  }

  /**
   * Returns how many floats of scratch memory {@link #hash} needs.
   *
   * @param count how many of the directions are used
   */
  public int scratchFloats(int count) {
    return ROWS * dk + ROWS * Math.ceilDiv(count, WIDE) * WIDE;
  }

  /**
   * Hashes listed queries, which are finite.
   *
   * @param q shape (n, dk)
   * @param list positions of the queries, {@code listed} of them
   * @param count h, how many of the directions to use, the first
   * @param buckets out, for each in the list: direction b gives bucket b, its opposite h + b
   * @param scratch {@link #scratchFloats} floats
   */
  public void hash(Matrix q, int[] list, int listed, int count, int[] buckets, float[] scratch) {
    int padded = Math.ceilDiv(count, WIDE) * WIDE; // wide panels only, so that any prefix is packed
    int products = ROWS * dk;
    for (int r = 0; r < listed; r += ROWS) {
      int rows = Math.min(ROWS, listed - r);
      Panels.scaleRows(q, list, r, rows, 1, scratch, dk);
      Arrays.fill(scratch, rows * dk, ROWS * dk, 0f);
      MicroKernel.multiplyPanels(scratch, 0, dk, panels, dk, dk, padded, scratch, products, padded);
      for (int i = 0; i < rows; i++) {
        buckets[r + i] = bucket(scratch, i * dk, products + i * padded, count);
      }
    }
  }

  /** Returns the bucket of a query from its products. */
  private int bucket(float[] scratch, int query, int products, int count) {
    float error = (dk + 2) * 0x1.1p-24f * Norms.norm(scratch, query, dk) * longest;
    Lanes.fillTail(scratch, products, count, 0f);
    float least = largestAbsolute(scratch, products, count) - 2 * error - Float.MIN_NORMAL;
    int best = -1;
    double bestSum = 0;
    for (int b = 0; b < count; b++) {
      if (Math.abs(scratch[products + b]) < least) {
        continue;
      }
      double sum = sum(scratch, query, b);
      if (best < 0 || Math.abs(sum) > Math.abs(bestSum)) {
        best = b;
        bestSum = sum;
      } else if (bestSum < 0 && sum == -bestSum) {
        best = b; // the opposite of a direction ties with this one, which has the lower bucket
        bestSum = sum;
      }
    }
    return bestSum < 0 ? count + best : best;
  }

  private double sum(float[] scratch, int query, int b) {
    double sum = 0;
    for (int d = 0; d < dk; d++) {
      sum += (double) scratch[query + d] * directions[b * dk + d];
    }
    return sum;
  }

  /** Returns the largest |value|, that of what fills up the last vector included. */
  private static float largestAbsolute(float[] values, int at, int count) {
    var largest = FloatVector.zero(FLOATS);
    for (int i = 0; i < count; i += LANES) {
      var x = FloatVector.fromArray(FLOATS, values, at + i).lanewise(ABS);
      largest = largest.blend(x, x.compare(GT, largest));
    }
    return largest.reduceLanes(MAX);
  }
}
