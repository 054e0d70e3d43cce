package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.NARROW;
import static io.github.starling.kernel.MicroKernel.WIDE;
import static io.github.starling.kernel.MicroKernel.panelWidth;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Copies rows of a matrix into the heap layouts that {@link MicroKernel} reads.
 *
 * <pre>
 * rows    row-major, row stride = columns, or in tiles that are interleaved: the A side
 * values  panels of adjacent columns, [row][width] each: the B side as it lies
 * keys    panels of adjacent rows, transposed, [column][width] each: the B side of A·Bᵀ
 * </pre>
 *
 * Columns that fill up the last panel are zero.
 */
final class Panels {
  /** Keys of a block: a panel of their values stays in the nearest cache, wide ones with fewer. */
  static final int KEY_BLOCK = WIDE > NARROW ? 128 : 256;

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

  /** Zeroes what lies between rows of {@code columns}, padDepth(columns) apart. */
  static void clearPadding(float[] rows, int count, int columns) {
    int ld = MicroKernel.padDepth(columns);
    for (int r = 0; r < count && columns < ld; r++) {
      Arrays.fill(rows, r * ld + columns, (r + 1) * ld, 0f);
    }
  }

  /**
   * Packs tiles of rows.
   *
   * @param staged rows one after another, and LANES floats more
   * @param count how many; those that fill up the last tile are of no consequence
   * @param depth of a row, of {@link MicroKernel#padDepth}
   * @param out as large; the staged rows themselves are returned where they are taken as they lie
   * @return what {@link MicroKernel#multiplyPacked} takes: a tile begins where its first row would
   */
  static float[] packTiles(float[] staged, int count, int depth, float[] out) {
    if (!MicroKernel.interleaves(depth)) {
      return staged;
    }
    for (int r = 0; r < count; ) {
      int rows = MicroKernel.tileRows(count - r, depth);
      InterleavedKernel.interleave(staged, r * depth, rows, depth, out, r * depth);
      r += rows;
    }
    return out;
  }

  /**
   * Copies part of adjacent rows.
   *
   * @param first the first row
   * @param column the first column to copy
   * @param width how many columns
   * @param out at {@code at}, rows {@code ld} apart
   */
  static void copyRows(
      Matrix rows, int first, int count, int column, int width, float[] out, int at, int ld) {
    for (int r = 0; r < count; r++) {
      copy(rows.data(), rows.byteOffset(first + r) + 4L * column, width, out, at + r * ld);
    }
  }

  /** Copies listed rows, {@code list} from {@code from} on, {@code ld} apart. */
  static void gatherRows(Matrix rows, int[] list, int from, int count, float[] out, int ld) {
    for (int r = 0; r < count; r++) {
      copy(rows.data(), rows.byteOffset(list[from + r]), rows.columns(), out, r * ld);
    }
  }

  /** Stores dense rows, {@code ld} apart, to the listed rows of {@code out}. */
  static void scatterRows(float[] in, int ld, Matrix out, int[] list, int from, int count) {
    for (int r = 0; r < count; r++) {
      store(in, r * ld, out.columns(), out.data(), out.byteOffset(list[from + r]));
    }
  }

  /**
   * Copies {@code count} elements of a row, from {@code column} on, to {@code out} at {@code at}.
   */
  static void copyRow(Matrix rows, int row, int column, int count, float[] out, int at) {
    copy(rows.data(), rows.byteOffset(row) + 4L * column, count, out, at);
  }

  /** Four vectors at a time, so that their loads wait for memory together. */
  private static void copy(MemorySegment data, long from, int count, float[] out, int at) {
    int c = 0;
    for (; c + 4 * LANES <= count; c += 4 * LANES) {
      var x0 = load(data, from + 4L * c);
      var x1 = load(data, from + 4L * (c + LANES));
      var x2 = load(data, from + 4L * (c + 2 * LANES));
      var x3 = load(data, from + 4L * (c + 3 * LANES));
      x0.intoArray(out, at + c);
      x1.intoArray(out, at + c + LANES);
      x2.intoArray(out, at + c + 2 * LANES);
      x3.intoArray(out, at + c + 3 * LANES);
    }
    for (; c + LANES <= count; c += LANES) {
      load(data, from + 4L * c).intoArray(out, at + c);
    }
    for (; c < count; c++) {
      out[at + c] = data.get(Matrix.FLOAT, from + 4L * c);
    }
  }

  private static FloatVector load(MemorySegment data, long offset) {
    return FloatVector.fromMemorySegment(FLOATS, data, offset, LITTLE_ENDIAN);
  }

  /**
   * Writes a row times a factor to {@code out} at {@code at}.
   *
   * <p>The factor is the sum of two floats: rounding it to one would be an error common to all
   * elements, which no sum averages out.
   */
  static void scaleRow(Matrix rows, int row, double factor, float[] out, int at) {
    scale(rows.data(), rows.byteOffset(row), rows.columns(), factor, out, at);
  }

  /** Writes listed rows times a factor, as {@link #scaleRow}, to rows {@code ld} apart. */
  static void scaleRows(
      Matrix rows, int[] list, int from, int count, double factor, float[] out, int ld) {
    for (int r = 0; r < count; r++) {
      scale(rows.data(), rows.byteOffset(list[from + r]), rows.columns(), factor, out, r * ld);
    }
  }

  private static void scale(
      MemorySegment data, long from, int count, double factor, float[] out, int at) {
    float high = (float) factor;
    float low = (float) (factor - high);
    int c = 0;
    for (; c + 2 * LANES <= count; c += 2 * LANES) {
      var x0 = load(data, from + 4L * c);
      var x1 = load(data, from + 4L * (c + LANES));
      x0.fma(FloatVector.broadcast(FLOATS, high), x0.mul(low)).intoArray(out, at + c);
      x1.fma(FloatVector.broadcast(FLOATS, high), x1.mul(low)).intoArray(out, at + c + LANES);
    }
    for (; c + LANES <= count; c += LANES) {
      var x = load(data, from + 4L * c);
      x.fma(FloatVector.broadcast(FLOATS, high), x.mul(low)).intoArray(out, at + c);
    }
    for (; c < count; c++) {
      float x = data.get(Matrix.FLOAT, from + 4L * c);
      out[at + c] = Math.fma(x, high, x * low);
    }
  }

  /** Stores {@code count} floats of {@code in} at {@code at} to a row, from {@code column} on. */
  static void storeRow(float[] in, int at, Matrix out, int row, int column, int count) {
    store(in, at, count, out.data(), out.byteOffset(row) + 4L * column);
  }

  private static void store(float[] in, int at, int count, MemorySegment data, long to) {
    int c = 0;
    for (; c + 4 * LANES <= count; c += 4 * LANES) {
      var x0 = FloatVector.fromArray(FLOATS, in, at + c);
      var x1 = FloatVector.fromArray(FLOATS, in, at + c + LANES);
      var x2 = FloatVector.fromArray(FLOATS, in, at + c + 2 * LANES);
      var x3 = FloatVector.fromArray(FLOATS, in, at + c + 3 * LANES);
      x0.intoMemorySegment(data, to + 4L * c, LITTLE_ENDIAN);
      x1.intoMemorySegment(data, to + 4L * (c + LANES), LITTLE_ENDIAN);
      x2.intoMemorySegment(data, to + 4L * (c + 2 * LANES), LITTLE_ENDIAN);
      x3.intoMemorySegment(data, to + 4L * (c + 3 * LANES), LITTLE_ENDIAN);
    }
    for (; c + LANES <= count; c += LANES) {
      FloatVector.fromArray(FLOATS, in, at + c).intoMemorySegment(data, to + 4L * c, LITTLE_ENDIAN);
    }
    for (; c < count; c++) {
      data.set(Matrix.FLOAT, to + 4L * c, in[at + c]);
    }
  }

  /**
   * Packs adjacent rows of values as the first rows of column panels of {@code depth} rows.
   *
   * @param values shape (m, columns)
   * @param out shape (padColumns(columns) · depth); columns that fill up the last panel are left
   */
  static void packValues(Matrix values, int first, int count, float[] out, int depth) {
    for (int r = 0; r < count; r++) {
      spread(values.data(), values.byteOffset(first + r), values.columns(), out, r, depth);
    }
  }

  /**
   * Packs listed rows of values as the first rows of column panels of {@code depth} rows, as {@link
   * #packValues}.
   */
  static void gatherValues(Matrix values, int[] list, int from, int count, float[] out, int depth) {
    for (int r = 0; r < count; r++) {
      spread(values.data(), values.byteOffset(list[from + r]), values.columns(), out, r, depth);
    }
  }

  /** Copies a row to its place in each of the panels. */
  private static void spread(
      MemorySegment data, long from, int columns, float[] out, int row, int depth) {
    int c = 0;
    for (; c + WIDE <= columns; c += WIDE) {
      int to = c * depth + row * WIDE;
      for (int j = 0; j < WIDE; j += NARROW) {
        var x0 = load(data, from + 4L * (c + j));
        var x1 = load(data, from + 4L * (c + j + LANES));
        x0.intoArray(out, to + j);
        x1.intoArray(out, to + j + LANES);
      }
    }
    if (c < columns) {
      int width = panelWidth(c, MicroKernel.padColumns(columns));
      copy(data, from + 4L * c, columns - c, out, c * depth + row * width);
    }
  }

  /**
   * Packs rows of the heap as {@link #packValues} does those of a matrix.
   *
   * @param rows at {@code at}, shape (count, columns), dense, columns of whole panels
   */
  static void packRows(float[] rows, int at, int columns, int count, float[] out) {
    for (int r = 0; r < count; r++) {
      spreadVectors(rows, at + r * columns, columns, out, r, count);
    }
  }

  /** Packs listed rows of the heap as column panels of {@code count} rows. */
  static void gatherPanels(
      float[] rows, int columns, int[] list, int from, int count, float[] out) {
    for (int r = 0; r < count; r++) {
      spreadVectors(rows, list[from + r] * columns, columns, out, r, count);
    }
  }

  private static void spreadVectors(
      float[] in, int at, int columns, float[] out, int row, int depth) {
    for (int c = 0; c < columns; ) {
      int width = panelWidth(c, columns);
      int to = c * depth + row * width;
      for (int j = 0; j < width; j += NARROW) {
        var x0 = FloatVector.fromArray(FLOATS, in, at + c + j);
        var x1 = FloatVector.fromArray(FLOATS, in, at + c + j + LANES);
        x0.intoArray(out, to + j);
        x1.intoArray(out, to + j + LANES);
      }
      c += width;
    }
  }

  /** Copies listed rows of the heap, whole vectors each, one after another. */
  static void gatherRows(float[] rows, int columns, int[] list, int from, int count, float[] out) {
    for (int r = 0; r < count; r++) {
      copyVectors(rows, list[from + r] * columns, columns, out, r * columns);
    }
  }

  private static void copyVectors(float[] in, int at, int count, float[] out, int to) {
    for (int c = 0; c < count; c += LANES) {
      FloatVector.fromArray(FLOATS, in, at + c).intoArray(out, to + c);
    }
  }

  /** Copies the first {@code columns}, whole vectors, of rows {@code ld} apart to dense rows. */
  static void copyColumns(float[] rows, int ld, int count, int columns, float[] out, int at) {
    for (int r = 0; r < count; r++) {
      copyVectors(rows, r * ld, columns, out, at + r * columns);
    }
  }

  /** Rounds a number of columns up to whole vectors, the depth that packed keys take. */
  static int padDepth(int columns) {
    return (columns + LANES - 1) / LANES * LANES;
  }

  /**
   * Packs rows as panels of their transpose.
   *
   * @param staged at {@code st}, {@code count} rows of {@code columns}, {@code padDepth(columns)}
   *     apart; what lies between and, up to padColumns(count) rows, behind them is of no
   *     consequence
   * @param out at {@code at}, panels [padDepth(columns)][width], padColumns(count) ·
   *     padDepth(columns) floats in all
   * @param scratch LANES² floats
   */
  static void packKeys(
      float[] staged, int st, int count, int columns, float[] out, int at, float[] scratch) {
    int depth = padDepth(columns);
    int padded = MicroKernel.padColumns(count);
    for (int from = 0; from < padded; from += panelWidth(from, padded)) {
      int width = panelWidth(from, padded);
      for (int key = 0; key < width; key += LANES) {
        int in = st + (from + key) * depth;
        int to = at + from * depth + key;
        for (int d = 0; d < depth; d += LANES) {
          Transpose.block(staged, in + d, depth, out, to + d * width, width, scratch);
        }
      }
    }
  }
}
