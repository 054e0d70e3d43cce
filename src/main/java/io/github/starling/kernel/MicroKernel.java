package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The matrix product of six rows with packed panels: C = A·B.
 *
 * <pre>
 *            panel of B: depth × width, one row after another
 *            +----+----+----+----+
 *            | b0 | b1 | b2 | b3 |        width = 4 vectors with 32 registers, else 2;
 *            +----+----+----+----+        the last panel is 2 vectors where that is enough
 * A  a0 →    | c00  c01  c02  c03
 *    ...     |      ...                   each step of k: 6 broadcasts of A, 24 (12)
 *    a5 →    | c50  c51  c52  c53         fused multiply-adds into registers
 * </pre>
 *
 * <p>The accumulators start at zero and are stored, no more: C2 stops inlining while it parses when
 * a method has grown too large, and the products that it inlines only later keep boxed
 * accumulators. So nothing else is done here; {@link #addTile} and {@link #storeTile} add what a
 * product is to be added to.
 *
 * <p>With 16 registers, deep rows that are packed beforehand go to {@link InterleavedKernel}.
 *
 * <p>A FMA takes four cycles and two start in each, so eight accumulators would hide the latency;
 * the others cut the loads to 10 for 24 products (8 for 12). Everything is in heap arrays, since
 * their bounds checks leave the loop and those of segments do not.
 */
final class MicroKernel {
  /** Rows of a tile. */
  static final int ROWS = 6;

  /** Columns of the narrow tile. */
  static final int NARROW = 2 * LANES;

  /** Columns of the wide tile; 16 registers have room for the narrow one only. */
  static final int WIDE = hasThirtyTwoRegisters() ? 4 * LANES : NARROW;

  /** From this depth on, interleaved rows are faster than rows one after another. */
  private static final int DEEP = 128;

  private MicroKernel() {}

  private static boolean hasThirtyTwoRegisters() {
    return FLOATS.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64");
  }

  /** Rounds a number of columns up to what whole panels hold. */
  static int padColumns(int columns) {
    int rest = columns % WIDE;
    return columns - rest + (rest == 0 ? 0 : rest <= NARROW ? NARROW : WIDE);
  }

  /** Returns the width of the panel that starts at column {@code from} of {@code padded}. */
  static int panelWidth(int from, int padded) {
    return padded - from >= WIDE ? WIDE : NARROW;
  }

  /** Rounds a number of rows up to whole tiles. */
  static int padRows(int rows) {
    return (rows + ROWS - 1) / ROWS * ROWS;
  }

  /** Rounds a depth up to what packed rows and their panels have, the last ones zero. */
  static int padDepth(int depth) {
    return Math.ceilDiv(depth, InterleavedKernel.STEPS) * InterleavedKernel.STEPS;
  }

  /** Tells whether packed rows are interleaved; else they lie one after another. */
  static boolean interleaves(int depth) {
    return WIDE == NARROW && depth >= DEEP;
  }

  /** Returns how many of the next packed rows make a tile, where {@code rest} are left. */
  static int tileRows(int rest, int depth) {
    return interleaves(depth) ? InterleavedKernel.tileRows(rest) : ROWS;
  }

  /**
   * Computes one panel of a tile of packed rows: C = A·B.
   *
   * @param a at {@code at}, rows as {@link Panels#packTiles} leaves them
   * @param rows of {@link #tileRows}
   * @param b at {@code bt}, shape (depth, width), dense
   * @param depth of {@link #padDepth}
   * @param width {@link #WIDE} or {@link #NARROW}
   * @param c shape (rows, width), dense
   */
  static void multiplyPacked(
      float[] a, int at, int rows, float[] b, int bt, int depth, int width, float[] c) {
    if (!interleaves(depth)) {
      multiply(a, at, depth, b, bt, depth, width, c, 0, width);
    } else if (rows == ROWS) {
      InterleavedKernel.sixByTwo(a, at, b, bt, depth, c, 0, width);
    } else {
      InterleavedKernel.fourByTwo(a, at, b, bt, depth, c, 0, width);
    }
  }

  /**
   * Computes one panel of six rows: C = A·B. The arguments are three addresses with their strides;
   * an object for each would be three allocations a tile.
   *
   * @param a at {@code at}, shape (6, depth), row stride {@code lda}
   * @param b at {@code bt}, shape (depth, width), dense
   * @param width {@link #WIDE} or {@link #NARROW}
   * @param c at {@code ct}, shape (6, width), row stride {@code ldc}
   */
  static void multiply(
      float[] a,
      int at,
      int lda,
      float[] b,
      int bt,
      int depth,
      int width,
      float[] c,
      int ct,
      int ldc) {
    if (width == 4 * LANES) {
      sixByFour(a, at, lda, b, bt, depth, c, ct, ldc);
    } else {
      sixByTwo(a, at, lda, b, bt, depth, c, ct, ldc);
    }
  }

  /**
   * Computes six rows of all panels: C = A·B.
   *
   * @param a at {@code at}, shape (6, depth), row stride {@code lda}
   * @param b panels of {@code panelDepth} rows each, of which the first {@code depth} count
   * @param padded columns of all panels, {@link #padColumns}
   * @param c at {@code ct}, shape (6, padded), row stride {@code ldc}
   */
  static void multiplyPanels(
      float[] a,
      int at,
      int lda,
      float[] b,
      int depth,
      int panelDepth,
      int padded,
      float[] c,
      int ct,
      int ldc) {
    for (int from = 0; from < padded; ) {
      int width = panelWidth(from, padded);
      multiply(a, at, lda, b, from * panelDepth, depth, width, c, ct + from, ldc);
      from += width;
    }
  }

  /**
   * Adds the rows of a tile: C = init + tile.
   *
   * @param tile shape (rows, width), dense
   * @param width whole vectors
   * @param init at {@code it}, row stride {@code ldi}: 0 repeats one row; may be c
   * @param c at {@code ct}, row stride {@code ldc}
   */
  static void addTile(
      float[] tile,
      int rows,
      int width,
      float[] init,
      int it,
      int ldi,
      float[] c,
      int ct,
      int ldc) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j += LANES) {
        FloatVector.fromArray(FLOATS, tile, r * width + j)
            .add(FloatVector.fromArray(FLOATS, init, it + r * ldi + j))
            .intoArray(c, ct + r * ldc + j);
      }
    }
  }

  /**
   * Adds the rows of a tile and stores them: out = init + tile.
   *
   * @param tile shape (rows, width), dense
   * @param init at {@code it}, row stride {@code ldi}: 0 repeats one row
   * @param row of {@code out} that takes the first
   * @param column of {@code out} that takes the first; those beyond the last are dropped
   */
  static void storeTile(
      float[] tile,
      int rows,
      int width,
      float[] init,
      int it,
      int ldi,
      Matrix out,
      int row,
      int column) {
    int columns = Math.min(width, out.columns() - column);
    for (int r = 0; r < rows; r++) {
      long to = out.byteOffset(row + r) + 4L * column;
      addRow(tile, r * width, init, it + r * ldi, out.data(), to, columns);
    }
  }

  private static void addRow(
      float[] tile, int at, float[] init, int it, MemorySegment out, long to, int columns) {
    int j = 0;
    for (; j + LANES <= columns; j += LANES) {
      FloatVector.fromArray(FLOATS, tile, at + j)
          .add(FloatVector.fromArray(FLOATS, init, it + j))
          .intoMemorySegment(out, to + 4L * j, LITTLE_ENDIAN);
    }
    for (; j < columns; j++) {
      out.set(Matrix.FLOAT, to + 4L * j, tile[at + j] + init[it + j]);
    }
  }

  /** Six rows by four vectors: 24 accumulators, 4 of B and 1 of A fit 32 registers. */
  private static void sixByFour(
      float[] a, int at, int lda, float[] b, int bt, int depth, float[] c, int ct, int ldc) {
    var zero = FloatVector.zero(FLOATS);
    var c00 = zero;
    var c01 = zero;
    var c02 = zero;
    var c03 = zero;
    var c10 = zero;
    var c11 = zero;
    var c12 = zero;
    var c13 = zero;
    var c20 = zero;
    var c21 = zero;
    var c22 = zero;
    var c23 = zero;
    var c30 = zero;
    var c31 = zero;
    var c32 = zero;
    var c33 = zero;
    var c40 = zero;
    var c41 = zero;
    var c42 = zero;
    var c43 = zero;
    var c50 = zero;
    var c51 = zero;
    var c52 = zero;
    var c53 = zero;
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(FLOATS, b, bt + k * (4 * LANES) + 0 * LANES);
      var b1 = FloatVector.fromArray(FLOATS, b, bt + k * (4 * LANES) + 1 * LANES);
      var b2 = FloatVector.fromArray(FLOATS, b, bt + k * (4 * LANES) + 2 * LANES);
      var b3 = FloatVector.fromArray(FLOATS, b, bt + k * (4 * LANES) + 3 * LANES);
      var a0 = FloatVector.broadcast(FLOATS, a[at + 0 * lda + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      var a1 = FloatVector.broadcast(FLOATS, a[at + 1 * lda + k]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      var a2 = FloatVector.broadcast(FLOATS, a[at + 2 * lda + k]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      var a3 = FloatVector.broadcast(FLOATS, a[at + 3 * lda + k]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      var a4 = FloatVector.broadcast(FLOATS, a[at + 4 * lda + k]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      var a5 = FloatVector.broadcast(FLOATS, a[at + 5 * lda + k]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      c53 = a5.fma(b3, c53);
    }
    c00.intoArray(c, ct + 0 * ldc + 0 * LANES);
    c01.intoArray(c, ct + 0 * ldc + 1 * LANES);
    c02.intoArray(c, ct + 0 * ldc + 2 * LANES);
    c03.intoArray(c, ct + 0 * ldc + 3 * LANES);
    c10.intoArray(c, ct + 1 * ldc + 0 * LANES);
    c11.intoArray(c, ct + 1 * ldc + 1 * LANES);
    c12.intoArray(c, ct + 1 * ldc + 2 * LANES);
    c13.intoArray(c, ct + 1 * ldc + 3 * LANES);
    c20.intoArray(c, ct + 2 * ldc + 0 * LANES);
    c21.intoArray(c, ct + 2 * ldc + 1 * LANES);
    c22.intoArray(c, ct + 2 * ldc + 2 * LANES);
    c23.intoArray(c, ct + 2 * ldc + 3 * LANES);
    c30.intoArray(c, ct + 3 * ldc + 0 * LANES);
    c31.intoArray(c, ct + 3 * ldc + 1 * LANES);
    c32.intoArray(c, ct + 3 * ldc + 2 * LANES);
    c33.intoArray(c, ct + 3 * ldc + 3 * LANES);
    c40.intoArray(c, ct + 4 * ldc + 0 * LANES);
    c41.intoArray(c, ct + 4 * ldc + 1 * LANES);
    c42.intoArray(c, ct + 4 * ldc + 2 * LANES);
    c43.intoArray(c, ct + 4 * ldc + 3 * LANES);
    c50.intoArray(c, ct + 5 * ldc + 0 * LANES);
    c51.intoArray(c, ct + 5 * ldc + 1 * LANES);
    c52.intoArray(c, ct + 5 * ldc + 2 * LANES);
    c53.intoArray(c, ct + 5 * ldc + 3 * LANES);
  }

  /** Six rows by two vectors: 12 accumulators, 2 of B and 1 of A fit 16 registers. */
  private static void sixByTwo(
      float[] a, int at, int lda, float[] b, int bt, int depth, float[] c, int ct, int ldc) {
    var zero = FloatVector.zero(FLOATS);
    var c00 = zero;
    var c01 = zero;
    var c10 = zero;
    var c11 = zero;
    var c20 = zero;
    var c21 = zero;
    var c30 = zero;
    var c31 = zero;
    var c40 = zero;
    var c41 = zero;
    var c50 = zero;
    var c51 = zero;
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(FLOATS, b, bt + k * (2 * LANES) + 0 * LANES);
      var b1 = FloatVector.fromArray(FLOATS, b, bt + k * (2 * LANES) + 1 * LANES);
      var a0 = FloatVector.broadcast(FLOATS, a[at + 0 * lda + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      var a1 = FloatVector.broadcast(FLOATS, a[at + 1 * lda + k]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      var a2 = FloatVector.broadcast(FLOATS, a[at + 2 * lda + k]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      var a3 = FloatVector.broadcast(FLOATS, a[at + 3 * lda + k]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      var a4 = FloatVector.broadcast(FLOATS, a[at + 4 * lda + k]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      var a5 = FloatVector.broadcast(FLOATS, a[at + 5 * lda + k]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
    }
    c00.intoArray(c, ct + 0 * ldc + 0 * LANES);
    c01.intoArray(c, ct + 0 * ldc + 1 * LANES);
    c10.intoArray(c, ct + 1 * ldc + 0 * LANES);
    c11.intoArray(c, ct + 1 * ldc + 1 * LANES);
    c20.intoArray(c, ct + 2 * ldc + 0 * LANES);
    c21.intoArray(c, ct + 2 * ldc + 1 * LANES);
    c30.intoArray(c, ct + 3 * ldc + 0 * LANES);
    c31.intoArray(c, ct + 3 * ldc + 1 * LANES);
    c40.intoArray(c, ct + 4 * ldc + 0 * LANES);
    c41.intoArray(c, ct + 4 * ldc + 1 * LANES);
    c50.intoArray(c, ct + 5 * ldc + 0 * LANES);
    c51.intoArray(c, ct + 5 * ldc + 1 * LANES);
  }
}
