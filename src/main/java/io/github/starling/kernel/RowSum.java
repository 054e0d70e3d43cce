package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The weighted sum of rows: sum ← sum + weight·Σᵣ xᵣ.
 *
 * <p>Rows are added one after another, so that adding them in parts gives the same bits.
 */
public final class RowSum {
  private RowSum() {}

  /**
   * Adds rows.
   *
   * @param rows shape (n, columns)
   * @param weight factor of every row
   * @param sum shape (columns)
   * @throws IllegalArgumentException if the columns differ
   */
  public static void add(Matrix rows, float weight, float[] sum) {
    if (rows.columns() != sum.length) {
      throw new IllegalArgumentException(
          "cannot add rows of %s to %d columns".formatted(rows.shape(), sum.length));
    }
    for (int r = 0; r < rows.rows(); r++) {
      addRow(rows.data(), rows.byteOffset(r), weight, sum);
    }
  }

  private static void addRow(MemorySegment x, long from, float weight, float[] sum) {
    int bound = FLOATS.loopBound(sum.length);
    int c = 0;
    for (; c < bound; c += LANES) {
      FloatVector.fromMemorySegment(FLOATS, x, from + 4L * c, LITTLE_ENDIAN)
          .fma(FloatVector.broadcast(FLOATS, weight), FloatVector.fromArray(FLOATS, sum, c))
          .intoArray(sum, c);
    }
    for (; c < sum.length; c++) {
      sum[c] = Math.fma(x.get(Matrix.FLOAT, from + 4L * c), weight, sum[c]);
    }
  }
}
