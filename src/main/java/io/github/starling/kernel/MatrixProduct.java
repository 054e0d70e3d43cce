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
 * <p>O(rows · inputs · outputs). Scratch memory for each thread, allocated once. Weights that have
 * met only a few rows so far are not packed: {@link DirectProduct} takes them as they lie.
 */
public final class MatrixProduct {
  private static final int ROW_BLOCK = 16 * ROWS;
  private static final int COLUMN_BLOCK = 256;
  private static final int DEPTH_BLOCK = 384;

  private final Workers workers;
  private final Scratch[] scratch;
  private final DirectProduct[] direct;
  // Lambdas for all calls, and their arguments: a call allocates nothing.
  private final Workers.Task body = this::block;
  private final Workers.Task directBody = this::direct;
  private Matrix a;
  private DenseWeights weights;
  private float[] panels;
  private Matrix out;
  private int rowBlocks;

  /** What one thread needs for a block. */
  private static final class Scratch {
    final float[] rows = new float[ROW_BLOCK * DEPTH_BLOCK];
    final float[] bias = new float[COLUMN_BLOCK];
    final float[] block = new float[ROW_BLOCK * COLUMN_BLOCK];
    final float[] tile = new float[ROWS * MicroKernel.WIDE];
  }

  /** Takes the threads that will do the work; their scratch memory comes with the first call. */
  public MatrixProduct(Workers workers) {
    this.workers = workers;
    scratch = new Scratch[workers.threads()];
    direct = new DirectProduct[workers.threads()];
  }

  /**
   * Computes out = A·Wᵀ + bias.
   *
   * @param a shape (rows, inputs)
   * @param weights shape (outputs, inputs)
   * @param out shape (rows, outputs), not overlapping a
   * @throws IllegalArgumentException if the shapes do not fit each other
   */
  public void multiply(Matrix a, DenseWeights weights, Matrix out) {
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
    panels = weights.panels(a.rows(), workers);
    if (panels == null) {
      workers.forEach(DirectProduct.items(weights), directBody);
      return;
    }
    rowBlocks = Math.ceilDiv(a.rows(), ROW_BLOCK);
    int columnBlocks = Math.ceilDiv(weights.outputs(), COLUMN_BLOCK);
    workers.forEach(rowBlocks * columnBlocks, body);
  }

  private void direct(int item, int worker) {
    if (direct[worker] == null) {
      direct[worker] = new DirectProduct(DEPTH_BLOCK);
    }
    direct[worker].multiply(a, weights, out, item);
  }

  private void block(int item, int worker) {
    if (scratch[worker] == null) {
      scratch[worker] = new Scratch();
    }
    var own = scratch[worker];
    int firstRow = item % rowBlocks * ROW_BLOCK;
    int firstColumn = item / rowBlocks * COLUMN_BLOCK;
    int rows = Math.min(ROW_BLOCK, a.rows() - firstRow);
    int columns = Math.min(COLUMN_BLOCK, weights.outputs() - firstColumn);
    weights.copyBias(firstColumn, columns, own.bias, 0);
    for (int k = 0; k < weights.inputs(); k += DEPTH_BLOCK) {
      int depth = Math.min(DEPTH_BLOCK, weights.inputs() - k);
      for (int r = 0; r < rows; r++) {
        Panels.copyRow(a, firstRow + r, k, depth, own.rows, r * depth);
      }
      addDepth(own, rows, firstColumn, columns, k, depth);
    }
    for (int r = 0; r < rows; r++) {
      Panels.storeRow(own.block, r * COLUMN_BLOCK, out, firstRow + r, firstColumn, columns);
    }
  }

  private void addDepth(Scratch own, int rows, int firstColumn, int columns, int k, int depth) {
    int padded = MicroKernel.padColumns(columns);
    for (int from = 0; from < padded; ) {
      int width = MicroKernel.panelWidth(from, padded);
      int panel = (firstColumn + from) * weights.inputs() + k * width;
      for (int r = 0; r < rows; r += ROWS) {
        int to = r * COLUMN_BLOCK + from;
        MicroKernel.multiply(
            own.rows, r * depth, depth, panels, panel, depth, width, own.tile, 0, width);
        var init = k == 0 ? own.bias : own.block;
        int it = k == 0 ? from : to;
        int ldi = k == 0 ? 0 : COLUMN_BLOCK;
        MicroKernel.addTile(own.tile, width, init, it, ldi, own.block, to, COLUMN_BLOCK);
      }
      from += width;
    }
  }
}
