package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * The tile of {@link MicroKernel} for six or four interleaved rows and 16 registers: C = A·B.
 *
 * <pre>
 * A   [depth / 4][rows][4]: four steps of k read 24 (16) adjacent floats
 * B   depth × 2 vectors
 * C   12 (8) accumulators, 2 vectors of B and 1 of A in 15 (11) registers
 * </pre>
 *
 * <p>Eight accumulators just hide the latency of a FMA: four rows serve what six leave over.
 *
 * <p>Rows that lie one after another need an address each: 34 instructions for the 12 products of a
 * step, where these take 24. A core alone hides the difference, one that shares its front end with
 * another program runs up to a third faster. But C2 loads all six of A first, for which there are
 * no registers, and spills accumulators: a fence between the loads keeps their order. On x86 it is
 * no instruction.
 */
final class InterleavedKernel {
  /** Steps of k that are done at once. */
  static final int STEPS = 4;

  private static final int FOUR = 4;

  private InterleavedKernel() {}

  /** Returns how many of the next rows make a tile, where {@code rest} are left. */
  static int tileRows(int rest) {
    // Seven or eight are two tiles of four, not two of six.
    return rest <= 4 || rest == 7 || rest == 8 ? FOUR : MicroKernel.ROWS;
  }

  /**
   * Interleaves the rows of a tile.
   *
   * @param rows at {@code at}, shape (count, depth), dense, and LANES floats more
   * @param count of {@link #tileRows}
   * @param depth a multiple of {@link #STEPS}
   * @param out at {@code to}, count · depth floats; LANES more are overwritten
   */
  static void interleave(float[] rows, int at, int count, int depth, float[] out, int to) {
    // What a vector writes beyond its four floats, the next one overwrites.
    for (int k = 0; k < depth; k += STEPS) {
      for (int r = 0; r < count; r++) {
        FloatVector.fromArray(FLOATS, rows, at + r * depth + k)
            .intoArray(out, to + k * count + r * STEPS);
      }
    }
  }

  /**
   * Computes one panel of six rows.
   *
   * @param a at {@code at}, as {@link #interleave} leaves it
   * @param b at {@code bt}, shape (depth, 2 vectors), dense
   * @param depth a multiple of {@link #STEPS}
   * @param c at {@code ct}, shape (6, 2 vectors), row stride {@code ldc}
   */
  static void sixByTwo(
      float[] a, int at, float[] b, int bt, int depth, float[] c, int ct, int ldc) {
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
    for (int k = 0; k < depth; k += STEPS) {
      int i = at + k * MicroKernel.ROWS;
      int j = bt + k * (2 * LANES);
      var b00 = FloatVector.fromArray(FLOATS, b, j + 0 * LANES);
      var b01 = FloatVector.fromArray(FLOATS, b, j + 1 * LANES);
      var a00 = FloatVector.broadcast(FLOATS, a[i + 0]);
      c00 = a00.fma(b00, c00);
      c01 = a00.fma(b01, c01);
      VarHandle.loadLoadFence();
      var a01 = FloatVector.broadcast(FLOATS, a[i + 4]);
      c10 = a01.fma(b00, c10);
      c11 = a01.fma(b01, c11);
      VarHandle.loadLoadFence();
      var a02 = FloatVector.broadcast(FLOATS, a[i + 8]);
      c20 = a02.fma(b00, c20);
      c21 = a02.fma(b01, c21);
      VarHandle.loadLoadFence();
      var a03 = FloatVector.broadcast(FLOATS, a[i + 12]);
      c30 = a03.fma(b00, c30);
      c31 = a03.fma(b01, c31);
      VarHandle.loadLoadFence();
      var a04 = FloatVector.broadcast(FLOATS, a[i + 16]);
      c40 = a04.fma(b00, c40);
      c41 = a04.fma(b01, c41);
      VarHandle.loadLoadFence();
      var a05 = FloatVector.broadcast(FLOATS, a[i + 20]);
      c50 = a05.fma(b00, c50);
      c51 = a05.fma(b01, c51);
      VarHandle.loadLoadFence();
      var b10 = FloatVector.fromArray(FLOATS, b, j + 2 * LANES);
      var b11 = FloatVector.fromArray(FLOATS, b, j + 3 * LANES);
      var a10 = FloatVector.broadcast(FLOATS, a[i + 1]);
      c00 = a10.fma(b10, c00);
      c01 = a10.fma(b11, c01);
      VarHandle.loadLoadFence();
      var a11 = FloatVector.broadcast(FLOATS, a[i + 5]);
      c10 = a11.fma(b10, c10);
      c11 = a11.fma(b11, c11);
      VarHandle.loadLoadFence();
      var a12 = FloatVector.broadcast(FLOATS, a[i + 9]);
      c20 = a12.fma(b10, c20);
      c21 = a12.fma(b11, c21);
      VarHandle.loadLoadFence();
      var a13 = FloatVector.broadcast(FLOATS, a[i + 13]);
      c30 = a13.fma(b10, c30);
      c31 = a13.fma(b11, c31);
      VarHandle.loadLoadFence();
      var a14 = FloatVector.broadcast(FLOATS, a[i + 17]);
      c40 = a14.fma(b10, c40);
      c41 = a14.fma(b11, c41);
      VarHandle.loadLoadFence();
      var a15 = FloatVector.broadcast(FLOATS, a[i + 21]);
      c50 = a15.fma(b10, c50);
      c51 = a15.fma(b11, c51);
      VarHandle.loadLoadFence();
      var b20 = FloatVector.fromArray(FLOATS, b, j + 4 * LANES);
      var b21 = FloatVector.fromArray(FLOATS, b, j + 5 * LANES);
      var a20 = FloatVector.broadcast(FLOATS, a[i + 2]);
      c00 = a20.fma(b20, c00);
      c01 = a20.fma(b21, c01);
      VarHandle.loadLoadFence();
      var a21 = FloatVector.broadcast(FLOATS, a[i + 6]);
      c10 = a21.fma(b20, c10);
      c11 = a21.fma(b21, c11);
      VarHandle.loadLoadFence();
      var a22 = FloatVector.broadcast(FLOATS, a[i + 10]);
      c20 = a22.fma(b20, c20);
      c21 = a22.fma(b21, c21);
      VarHandle.loadLoadFence();
      var a23 = FloatVector.broadcast(FLOATS, a[i + 14]);
      c30 = a23.fma(b20, c30);
      c31 = a23.fma(b21, c31);
      VarHandle.loadLoadFence();
      var a24 = FloatVector.broadcast(FLOATS, a[i + 18]);
      c40 = a24.fma(b20, c40);
      c41 = a24.fma(b21, c41);
      VarHandle.loadLoadFence();
      var a25 = FloatVector.broadcast(FLOATS, a[i + 22]);
      c50 = a25.fma(b20, c50);
      c51 = a25.fma(b21, c51);
      VarHandle.loadLoadFence();
      var b30 = FloatVector.fromArray(FLOATS, b, j + 6 * LANES);
      var b31 = FloatVector.fromArray(FLOATS, b, j + 7 * LANES);
      var a30 = FloatVector.broadcast(FLOATS, a[i + 3]);
      c00 = a30.fma(b30, c00);
      c01 = a30.fma(b31, c01);
      VarHandle.loadLoadFence();
      var a31 = FloatVector.broadcast(FLOATS, a[i + 7]);
      c10 = a31.fma(b30, c10);
      c11 = a31.fma(b31, c11);
      VarHandle.loadLoadFence();
      var a32 = FloatVector.broadcast(FLOATS, a[i + 11]);
      c20 = a32.fma(b30, c20);
      c21 = a32.fma(b31, c21);
      VarHandle.loadLoadFence();
      var a33 = FloatVector.broadcast(FLOATS, a[i + 15]);
      c30 = a33.fma(b30, c30);
      c31 = a33.fma(b31, c31);
      VarHandle.loadLoadFence();
      var a34 = FloatVector.broadcast(FLOATS, a[i + 19]);
      c40 = a34.fma(b30, c40);
      c41 = a34.fma(b31, c41);
      VarHandle.loadLoadFence();
      var a35 = FloatVector.broadcast(FLOATS, a[i + 23]);
      c50 = a35.fma(b30, c50);
      c51 = a35.fma(b31, c51);
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

  /** Computes one panel of four rows, as {@link #sixByTwo}. */
  static void fourByTwo(
      float[] a, int at, float[] b, int bt, int depth, float[] c, int ct, int ldc) {
    var zero = FloatVector.zero(FLOATS);
    var c00 = zero;
    var c01 = zero;
    var c10 = zero;
    var c11 = zero;
    var c20 = zero;
    var c21 = zero;
    var c30 = zero;
    var c31 = zero;
    for (int k = 0; k < depth; k += STEPS) {
      int i = at + k * FOUR;
      int j = bt + k * (2 * LANES);
      var b00 = FloatVector.fromArray(FLOATS, b, j + 0 * LANES);
      var b01 = FloatVector.fromArray(FLOATS, b, j + 1 * LANES);
      var a00 = FloatVector.broadcast(FLOATS, a[i + 0]);
      c00 = a00.fma(b00, c00);
      c01 = a00.fma(b01, c01);
      VarHandle.loadLoadFence();
      var a01 = FloatVector.broadcast(FLOATS, a[i + 4]);
      c10 = a01.fma(b00, c10);
      c11 = a01.fma(b01, c11);
      VarHandle.loadLoadFence();
      var a02 = FloatVector.broadcast(FLOATS, a[i + 8]);
      c20 = a02.fma(b00, c20);
      c21 = a02.fma(b01, c21);
      VarHandle.loadLoadFence();
      var a03 = FloatVector.broadcast(FLOATS, a[i + 12]);
      c30 = a03.fma(b00, c30);
      c31 = a03.fma(b01, c31);
      VarHandle.loadLoadFence();
      var b10 = FloatVector.fromArray(FLOATS, b, j + 2 * LANES);
      var b11 = FloatVector.fromArray(FLOATS, b, j + 3 * LANES);
      var a10 = FloatVector.broadcast(FLOATS, a[i + 1]);
      c00 = a10.fma(b10, c00);
      c01 = a10.fma(b11, c01);
      VarHandle.loadLoadFence();
      var a11 = FloatVector.broadcast(FLOATS, a[i + 5]);
      c10 = a11.fma(b10, c10);
      c11 = a11.fma(b11, c11);
      VarHandle.loadLoadFence();
      var a12 = FloatVector.broadcast(FLOATS, a[i + 9]);
      c20 = a12.fma(b10, c20);
      c21 = a12.fma(b11, c21);
      VarHandle.loadLoadFence();
      var a13 = FloatVector.broadcast(FLOATS, a[i + 13]);
      c30 = a13.fma(b10, c30);
      c31 = a13.fma(b11, c31);
      VarHandle.loadLoadFence();
      var b20 = FloatVector.fromArray(FLOATS, b, j + 4 * LANES);
      var b21 = FloatVector.fromArray(FLOATS, b, j + 5 * LANES);
      var a20 = FloatVector.broadcast(FLOATS, a[i + 2]);
      c00 = a20.fma(b20, c00);
      c01 = a20.fma(b21, c01);
      VarHandle.loadLoadFence();
      var a21 = FloatVector.broadcast(FLOATS, a[i + 6]);
      c10 = a21.fma(b20, c10);
      c11 = a21.fma(b21, c11);
      VarHandle.loadLoadFence();
      var a22 = FloatVector.broadcast(FLOATS, a[i + 10]);
      c20 = a22.fma(b20, c20);
      c21 = a22.fma(b21, c21);
      VarHandle.loadLoadFence();
      var a23 = FloatVector.broadcast(FLOATS, a[i + 14]);
      c30 = a23.fma(b20, c30);
      c31 = a23.fma(b21, c31);
      VarHandle.loadLoadFence();
      var b30 = FloatVector.fromArray(FLOATS, b, j + 6 * LANES);
      var b31 = FloatVector.fromArray(FLOATS, b, j + 7 * LANES);
      var a30 = FloatVector.broadcast(FLOATS, a[i + 3]);
      c00 = a30.fma(b30, c00);
      c01 = a30.fma(b31, c01);
      VarHandle.loadLoadFence();
      var a31 = FloatVector.broadcast(FLOATS, a[i + 7]);
      c10 = a31.fma(b30, c10);
      c11 = a31.fma(b31, c11);
      VarHandle.loadLoadFence();
      var a32 = FloatVector.broadcast(FLOATS, a[i + 11]);
      c20 = a32.fma(b30, c20);
      c21 = a32.fma(b31, c21);
      VarHandle.loadLoadFence();
      var a33 = FloatVector.broadcast(FLOATS, a[i + 15]);
      c30 = a33.fma(b30, c30);
      c31 = a33.fma(b31, c31);
      VarHandle.loadLoadFence();
    }
    c00.intoArray(c, ct + 0 * ldc + 0 * LANES);
    c01.intoArray(c, ct + 0 * ldc + 1 * LANES);
    c10.intoArray(c, ct + 1 * ldc + 0 * LANES);
    c11.intoArray(c, ct + 1 * ldc + 1 * LANES);
    c20.intoArray(c, ct + 2 * ldc + 0 * LANES);
    c21.intoArray(c, ct + 2 * ldc + 1 * LANES);
    c30.intoArray(c, ct + 3 * ldc + 0 * LANES);
    c31.intoArray(c, ct + 3 * ldc + 1 * LANES);
  }
}
