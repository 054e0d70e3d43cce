package io.github.starling.kernel;

import static io.github.starling.kernel.MicroKernel.ROWS;

import io.github.starling.tensor.Matrix;

/**
 * Dense layers: out = A·Wᵀ + bias, in blocks that stay in the second-level cache.
 *
 * <pre>
 * item     96 rows of A × 256 columns of out; neighbours share the columns, whose weights stay cached
 * inside   for each 384 of the depth: pack A (96 × 384); each panel of W (384 × 64) meets all of A
 * tile     {@link MicroKernel}, 6 × 64, into a heap block of out that is stored when complete
 * </pre>
 *
 * <p>O(rows · inputs · outputs). Scratch memory for each thread, allocated once.
 */
public final class MatrixProduct {
  private static final int ROW_BLOCK = 16 * ROWS;
  private static final int COLUMN_BLOCK = 256;
  private static final int DEPTH_BLOCK = 384;

  private final Workers workers;
  private final float[][] packedRows;
  private final float[][] blocks;
  private final float[][] tiles;
  // One lambda for all calls, and its arguments: a call allocates nothing.
  private final Workers.Task body = this::block;
  private Matrix a;
  private PackedWeights weights;
  private Matrix out;
  private int rowBlocks;

  /** Allocates scratch memory for each of the threads that will do the work. */
  public MatrixProduct(Workers workers) {
    this.workers = workers;
    packedRows = new float[workers.threads()][ROW_BLOCK * DEPTH_BLOCK];
    blocks = new float[workers.threads()][ROW_BLOCK * COLUMN_BLOCK];
    tiles = new float[workers.threads()][ROWS * MicroKernel.WIDE];
  }

  /**
   * Computes out = A·Wᵀ + bias.
   *
   * @param a shape (rows, inputs)
   * @param weights shape (outputs, inputs)
   * @param out shape (rows, outputs), not overlapping a
   * @throws IllegalArgumentException if the shapes do not fit each other
   */
  public void multiply(Matrix a, PackedWeights weights, Matrix out) {
    if (a.columns() != weights.inputs()
        || out.columns() != weights.outputs()
        || out.rows() != a.rows()) {
      throw new IllegalArgumentException(
          "a layer from %d to %d columns cannot map %s to %s"
              .formatted(weights.inputs(), weights.outputs(), a.shape(), out.shape()));
    }
    this.a = a;
    this.weights = weights;
    this.out = out;
    rowBlocks = Math.ceilDiv(a.rows(), ROW_BLOCK);
    int columnBlocks = Math.ceilDiv(weights.outputs(), COLUMN_BLOCK);
    workers.forEach(rowBlocks * columnBlocks, body);
  }

  private void block(int item, int worker) {
    int firstRow = item % rowBlocks * ROW_BLOCK;
    int firstColumn = item / rowBlocks * COLUMN_BLOCK;
    int rows = Math.min(ROW_BLOCK, a.rows() - firstRow);
    int columns = Math.min(COLUMN_BLOCK, weights.outputs() - firstColumn);
    var block = blocks[worker];
    for (int k = 0; k < weights.inputs(); k += DEPTH_BLOCK) {
      int depth = Math.min(DEPTH_BLOCK, weights.inputs() - k);
      for (int r = 0; r < rows; r++) {
        Panels.copyRow(a, firstRow + r, k, depth, packedRows[worker], r * depth);
      }
      addDepth(packedRows[worker], rows, firstColumn, columns, k, depth, block, tiles[worker]);
    }
    for (int r = 0; r < rows; r++) {
      Panels.storeRow(block, r * COLUMN_BLOCK, out, firstRow + r, firstColumn, columns);
    }
  }

  private void addDepth(
      float[] packed,
      int rows,
      int firstColumn,
      int columns,
      int k,
      int depth,
      float[] block,
      float[] tile) {
    int padded = MicroKernel.padColumns(columns);
    int panelDepth = Panels.padDepth(weights.inputs());
    for (int from = 0; from < padded; ) {
      int width = MicroKernel.panelWidth(from, padded);
      int panel = (firstColumn + from) * panelDepth + k * width;
      for (int r = 0; r < rows; r += ROWS) {
        int to = r * COLUMN_BLOCK + from;
        MicroKernel.multiply(
            packed, r * depth, depth, weights.panels, panel, depth, width, tile, 0, width);
        if (k == 0) {
          MicroKernel.addTile(
              tile, width, weights.bias, firstColumn + from, 0, block, to, COLUMN_BLOCK);
        } else {
          MicroKernel.addTile(tile, width, block, to, COLUMN_BLOCK, block, to, COLUMN_BLOCK);
        }
      }
      from += width;
    }
  }
}
