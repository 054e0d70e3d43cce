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
   * Packs rows and zeroes up to whole tiles.
   *
   * @param rows shape (n, columns)
   * @param first the first row to pack
   * @param count how many
   * @param factor multiplies each element
   * @param out shape (padRows(count), columns)
   */
  static void packRows(Matrix rows, int first, int count, double factor, float[] out) {
    int columns = rows.columns();
    for (int r = 0; r < count; r++) {
      if (factor == 1) {
        copyRow(rows, first + r, 0, columns, out, r * columns);
      } else {
        scaleRow(rows, first + r, factor, out, r * columns);
      }
    }
    Arrays.fill(out, count * columns, MicroKernel.padRows(count) * columns, 0f);
  }

  /**
   * Copies adjacent rows, column of vectors after column of vectors: the inner loop is long and its
   * loads are independent, so that they wait for memory together.
   *
   * @param first the first row
   * @param column the first column to copy
   * @param width how many columns
   * @param out at {@code at}, row stride {@code ld}
   */
  static void copyRows(
      Matrix rows, int first, int count, int column, int width, float[] out, int at, int ld) {
    var data = rows.data();
    int bound = FLOATS.loopBound(width);
    int c = 0;
    for (; c < bound; c += LANES) {
      for (int r = 0; r < count; r++) {
        long offset = rows.byteOffset(first + r) + 4L * (column + c);
        FloatVector.fromMemorySegment(FLOATS, data, offset, LITTLE_ENDIAN)
            .intoArray(out, at + r * ld + c);
      }
    }
    for (; c < width; c++) {
      for (int r = 0; r < count; r++) {
        out[at + r * ld + c] =
            data.get(Matrix.FLOAT, rows.byteOffset(first + r) + 4L * (column + c));
      }
    }
  }

  /** Copies listed rows, {@code list} from {@code from} on, as {@link #copyRows}. */
  static void gatherRows(
      Matrix rows,
      int[] list,
      int from,
      int count,
      int column,
      int width,
      float[] out,
      int at,
      int ld) {
    var data = rows.data();
    int bound = FLOATS.loopBound(width);
    int c = 0;
    for (; c < bound; c += LANES) {
      for (int r = 0; r < count; r++) {
        long offset = rows.byteOffset(list[from + r]) + 4L * (column + c);
        FloatVector.fromMemorySegment(FLOATS, data, offset, LITTLE_ENDIAN)
            .intoArray(out, at + r * ld + c);
      }
    }
    for (; c < width; c++) {
      for (int r = 0; r < count; r++) {
        out[at + r * ld + c] =
            data.get(Matrix.FLOAT, rows.byteOffset(list[from + r]) + 4L * (column + c));
      }
    }
  }

  /** Writes listed rows times a factor, as {@link #scaleRow}, to dense rows. */
  static void gatherScaled(
      Matrix rows, int[] list, int from, int count, double factor, float[] out) {
    var data = rows.data();
    int columns = rows.columns();
    float high = (float) factor;
    float low = (float) (factor - high);
    var highs = FloatVector.broadcast(FLOATS, high);
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      for (int r = 0; r < count; r++) {
        long offset = rows.byteOffset(list[from + r]) + 4L * c;
        var x = FloatVector.fromMemorySegment(FLOATS, data, offset, LITTLE_ENDIAN);
        x.fma(highs, x.mul(low)).intoArray(out, r * columns + c);
      }
    }
    for (; c < columns; c++) {
      for (int r = 0; r < count; r++) {
        float x = data.get(Matrix.FLOAT, rows.byteOffset(list[from + r]) + 4L * c);
        out[r * columns + c] = Math.fma(x, high, x * low);
      }
    }
  }

  /** Stores dense rows, {@code ld} apart, to the listed rows of {@code out}. */
  static void scatterRows(float[] in, int ld, Matrix out, int[] list, int from, int count) {
    var data = out.data();
    int bound = FLOATS.loopBound(out.columns());
    int c = 0;
    for (; c < bound; c += LANES) {
      for (int r = 0; r < count; r++) {
        FloatVector.fromArray(FLOATS, in, r * ld + c)
            .intoMemorySegment(data, out.byteOffset(list[from + r]) + 4L * c, LITTLE_ENDIAN);
      }
    }
    for (; c < out.columns(); c++) {
      for (int r = 0; r < count; r++) {
        data.set(Matrix.FLOAT, out.byteOffset(list[from + r]) + 4L * c, in[r * ld + c]);
      }
    }
  }

  /**
   * Copies {@code count} elements of a row, from {@code column} on, to {@code out} at {@code at}.
   */
  static void copyRow(Matrix rows, int row, int column, int count, float[] out, int at) {
    var data = rows.data();
    long from = rows.byteOffset(row) + 4L * column;
    int bound = FLOATS.loopBound(count);
    int c = 0;
    for (; c < bound; c += LANES) {
      FloatVector.fromMemorySegment(FLOATS, data, from + 4L * c, LITTLE_ENDIAN)
          .intoArray(out, at + c);
    }
    for (; c < count; c++) {
      out[at + c] = data.get(Matrix.FLOAT, from + 4L * c);
    }
  }

  /**
   * Writes a row times a factor to {@code out} at {@code at}.
   *
   * <p>The factor is the sum of two floats: rounding it to one would be an error common to all
   * elements, which no sum averages out.
   */
  static void scaleRow(Matrix rows, int row, double factor, float[] out, int at) {
    var data = rows.data();
    long from = rows.byteOffset(row);
    int columns = rows.columns();
    float high = (float) factor;
    float low = (float) (factor - high);
    var highs = FloatVector.broadcast(FLOATS, high);
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      var x = FloatVector.fromMemorySegment(FLOATS, data, from + 4L * c, LITTLE_ENDIAN);
      x.fma(highs, x.mul(low)).intoArray(out, at + c);
    }
    for (; c < columns; c++) {
      float x = data.get(Matrix.FLOAT, from + 4L * c);
      out[at + c] = Math.fma(x, high, x * low);
    }
  }

  /** Stores {@code count} floats of {@code in} at {@code at} to a row, from {@code column} on. */
  static void storeRow(float[] in, int at, Matrix out, int row, int column, int count) {
    var data = out.data();
    long to = out.byteOffset(row) + 4L * column;
    int bound = FLOATS.loopBound(count);
    int c = 0;
    for (; c < bound; c += LANES) {
      FloatVector.fromArray(FLOATS, in, at + c).intoMemorySegment(data, to + 4L * c, LITTLE_ENDIAN);
    }
    for (; c < count; c++) {
      data.set(Matrix.FLOAT, to + 4L * c, in[at + c]);
    }
  }

  /**
   * Packs adjacent rows of values as column panels of {@code count} rows.
   *
   * @param values shape (m, columns)
   * @param out shape (padColumns(columns) · count); columns that fill up the last panel are left
   */
  static void packValues(Matrix values, int first, int count, float[] out) {
    int columns = values.columns();
    int padded = MicroKernel.padColumns(columns);
    for (int column = 0; column < columns; ) {
      int width = panelWidth(column, padded);
      int used = Math.min(width, columns - column);
      copyRows(values, first, count, column, used, out, column * count, width);
      column += width;
    }
  }

  /**
   * Packs listed rows of values as the first rows of column panels of {@code depth} rows, as {@link
   * #packValues}.
   */
  static void gatherValues(Matrix values, int[] list, int from, int count, float[] out, int depth) {
    int columns = values.columns();
    int padded = MicroKernel.padColumns(columns);
    for (int column = 0; column < columns; ) {
      int width = panelWidth(column, padded);
      int used = Math.min(width, columns - column);
      gatherRows(values, list, from, count, column, used, out, column * depth, width);
      column += width;
    }
  }

  /** Rounds a number of columns up to whole vectors, the depth that packed keys take. */
  static int padDepth(int columns) {
    return (columns + LANES - 1) / LANES * LANES;
  }

  /**
   * Packs rows as panels of their transpose.
   *
   * @param staged {@code count} rows of {@code columns}, {@code padDepth(columns)} apart; what lies
   *     between and, up to padColumns(count) rows, behind them is of no consequence
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
