package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.panelWidth;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Copies rows of a matrix into the heap layouts that {@link MicroKernel} reads.
 *
 * <pre>
 * rows    row-major, row stride = columns: the A side
 * values  panels of adjacent columns, [row][width] each: the B side as it lies
 * keys    panels of adjacent rows, transposed, [column][width] each: the B side of A·Bᵀ
 * </pre>
 *
 * Columns that fill up the last panel are zero.
 */
final class Panels {
  private Panels() {}

  /**
   * Packs rows, each element times a factor, and zeroes up to whole tiles.
   *
   * @param rows shape (count, columns)
   * @param factor multiplies each element
   * @param out at {@code at}, shape (padRows(count), columns)
   */
  static void packRows(Matrix rows, float factor, float[] out, int at) {
    int columns = rows.columns();
    for (int r = 0; r < rows.rows(); r++) {
      copyRow(rows, r, factor, out, at + r * columns);
    }
    int used = rows.rows() * columns;
    Arrays.fill(out, at + used, at + MicroKernel.padRows(rows.rows()) * columns, 0f);
  }

  /**
   * Lays rows out for {@link #packKeys}: row stride {@code padDepth(columns)}. What fills up rows
   * and columns is left as it was: no product reads it.
   *
   * @param rows shape (count, columns)
   * @param staged shape (padColumns(count), padDepth(columns))
   */
  static void stage(Matrix rows, float[] staged) {
    int depth = padDepth(rows.columns());
    for (int r = 0; r < rows.rows(); r++) {
      copyRow(rows, r, 1f, staged, r * depth);
    }
  }

  /** Copies one row times a factor to {@code out} at {@code at}. */
  static void copyRow(Matrix rows, int row, float factor, float[] out, int at) {
    var data = rows.data();
    long from = rows.byteOffset(row);
    int columns = rows.columns();
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      FloatVector.fromMemorySegment(FLOATS, data, from + 4L * c, LITTLE_ENDIAN)
          .mul(factor)
          .intoArray(out, at + c);
    }
    for (; c < columns; c++) {
      out[at + c] = data.get(Matrix.FLOAT, from + 4L * c) * factor;
    }
  }

  /** Copies one row of {@code out.columns()} floats out of {@code in} at {@code at}. */
  static void storeRow(float[] in, int at, Matrix out, int row) {
    var data = out.data();
    long to = out.byteOffset(row);
    int columns = out.columns();
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      FloatVector.fromArray(FLOATS, in, at + c).intoMemorySegment(data, to + 4L * c, LITTLE_ENDIAN);
    }
    for (; c < columns; c++) {
      data.set(Matrix.FLOAT, to + 4L * c, in[at + c]);
    }
  }

  /**
   * Packs values into column panels.
   *
   * @param values shape (depth, columns)
   * @param out shape (padColumns(columns) · depth)
   */
  static void packValues(Matrix values, float[] out) {
    int depth = values.rows();
    int columns = values.columns();
    int padded = MicroKernel.padColumns(columns);
    for (int from = 0; from < padded; from += panelWidth(from, padded)) {
      int width = panelWidth(from, padded);
      int used = Math.min(width, columns - from);
      var panel = values.columns(from, used);
      for (int r = 0; r < depth; r++) {
        int at = from * depth + r * width;
        copyRow(panel, r, 1f, out, at);
        Arrays.fill(out, at + used, at + width, 0f);
      }
    }
  }

  /** Rounds a number of columns up to whole vectors, the depth that packed keys take. */
  static int padDepth(int columns) {
    return (columns + LANES - 1) / LANES * LANES;
  }

  /**
   * Packs rows as panels of their transpose.
   *
   * @param staged {@code count} rows of {@code columns} as {@link #stage} lays them out
   * @param out at {@code at}, panels [padDepth(columns)][width], padColumns(count) ·
   *     padDepth(columns) floats in all
   * @param scratch LANES² floats
   */
  static void packKeys(
      float[] staged, int count, int columns, float[] out, int at, float[] scratch) {
    int depth = padDepth(columns);
    int padded = MicroKernel.padColumns(count);
    for (int from = 0; from < padded; from += panelWidth(from, padded)) {
      int width = panelWidth(from, padded);
      for (int key = 0; key < width; key += LANES) {
        int in = (from + key) * depth;
        int to = at + from * depth + key;
        for (int d = 0; d < depth; d += LANES) {
          Transpose.block(staged, in + d, depth, out, to + d * width, width, scratch);
        }
      }
    }
  }
}
