package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * The product of a few rows with weights as they lie: out = A·Wᵀ + bias.
 *
 * <pre>
 * item     64 columns of out: as many rows of W
 * inside   for each 384 of the depth: 8 rows of W meet all rows of A
 * step     8 sums of products, each in the order of the depth, hide the latency of the addition
 * </pre>
 *
 * <p>Plain loops: vector kernels first cost a program a second of interpreting and compiling, these
 * are compiled at once. Each sum has the order of {@link MicroKernel}, so no bit differs.
 */
final class DirectProduct {
  private static final int COLUMN_BLOCK = 64;
  private static final int TILE = 8;

  private final float[] rows;
  private final float[] columns;
  private final float[] block;
  private final float[] sums = new float[TILE];
  private final int depthBlock;

  /**
   * Allocates scratch memory for one thread.
   *
   * @param depthBlock depth of which a sum is made at once
   */
  DirectProduct(int depthBlock) {
    this.depthBlock = depthBlock;
    rows = new float[DenseWeights.FEW_ROWS * depthBlock];
    columns = new float[TILE * depthBlock];
    block = new float[DenseWeights.FEW_ROWS * COLUMN_BLOCK];
  }

  /** Returns how many items make up a layer. */
  static int items(DenseWeights weights) {
    return Math.ceilDiv(weights.outputs(), COLUMN_BLOCK);
  }

  /** Computes one item of at most {@link DenseWeights#FEW_ROWS} rows. */
  void multiply(Matrix a, DenseWeights weights, Matrix out, int item) {
    int first = item * COLUMN_BLOCK;
    int count = Math.min(COLUMN_BLOCK, weights.outputs() - first);
    for (int r = 0; r < a.rows(); r++) {
      weights.copyBias(first, count, block, r * COLUMN_BLOCK);
    }
    for (int k = 0; k < weights.inputs(); k += depthBlock) {
      addDepth(a, weights, first, count, k);
    }
    for (int r = 0; r < a.rows(); r++) {
      long to = out.byteOffset(r) + 4L * first;
      MemorySegment.copy(block, r * COLUMN_BLOCK, out.data(), Matrix.FLOAT, to, count);
    }
  }

  private void addDepth(Matrix a, DenseWeights weights, int first, int count, int k) {
    int depth = Math.min(depthBlock, weights.inputs() - k);
    for (int r = 0; r < a.rows(); r++) {
      long from = a.byteOffset(r) + 4L * k;
      MemorySegment.copy(a.data(), Matrix.FLOAT, from, rows, r * depth, depth);
    }
    for (int c = 0; c < count; c += TILE) {
      int tile = Math.min(TILE, count - c); // with fewer rows of W, the other sums are not used
      weights.copyRows(first + c, tile, k, depth, columns);
      for (int r = 0; r < a.rows(); r++) {
        dot(rows, r * depth, columns, depth, sums);
        for (int j = 0; j < tile; j++) {
          block[r * COLUMN_BLOCK + c + j] += sums[j];
        }
      }
    }
  }

  private static void dot(float[] a, int at, float[] w, int depth, float[] sums) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int k = 0; k < depth; k++) {
      float x = a[at + k];
      s0 = Math.fma(x, w[k], s0);
      s1 = Math.fma(x, w[depth + k], s1);
      s2 = Math.fma(x, w[2 * depth + k], s2);
      s3 = Math.fma(x, w[3 * depth + k], s3);
      s4 = Math.fma(x, w[4 * depth + k], s4);
      s5 = Math.fma(x, w[5 * depth + k], s5);
      s6 = Math.fma(x, w[6 * depth + k], s6);
      s7 = Math.fma(x, w[7 * depth + k], s7);
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
    sums[4] = s4;
    sums[5] = s5;
    sums[6] = s6;
    sums[7] = s7;
  }
}
