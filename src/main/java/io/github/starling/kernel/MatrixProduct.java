package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;

import io.github.starling.tensor.Matrix;

/**
 * Dense layers: out = A·Wᵀ + bias, in blocks that stay in the second-level cache.
 *
 * <pre>
 * item     96 rows of A × 512 columns of out, fewer where threads would idle; neighbours share the
 *          columns, whose weights stay cached
 * inside   for each 384 of the depth: pack A (96 × 384); each panel of W (384 × 64) meets all of A
 * tile     {@link MicroKernel}, 6 × 64, added to a heap block, for the last of the depth to out
 * </pre>
 *
 * <p>Weights that are kept as bytes become floats panel by panel on the way, see {@link
 * ByteWeights}. O(rows · inputs · outputs). Scratch memory for each thread, allocated once. Weights
 * that have met only a few rows so far are not packed: {@link DirectProduct} takes them as they
 * lie.
 */
public final class MatrixProduct {
  private static final int ROW_BLOCK = 16 * ROWS;
  private static final int COLUMN_BLOCK = 512;
  private static final int DEPTH_BLOCK = 384;

  /** Whole panels of any width. */
  private static final int FEWEST_COLUMNS = 128;

  /** Enough that threads end at about the same time; one thread waits for none. */
  private static final int ITEMS_A_THREAD = 4;

  private final Workers workers;
  private final Scratch[] scratch;
  private final DirectProduct[] direct;
  // Lambdas for all calls, and their arguments: a call allocates nothing.
  private final Workers.Task body = this::block;
  private final Workers.Task directBody = this::direct;
  private Matrix a;
  private DenseWeights weights;
  private float[] panels;
  private ByteWeights bytes;
  private Matrix out;
  private int rowBlocks;
  private int blockColumns;

  /** What one thread needs for a block. */
  private static final class Scratch {
    final float[] staged = new float[ROW_BLOCK * DEPTH_BLOCK + LANES];
    final float[] packed = new float[MicroKernel.interleaves(DEPTH_BLOCK) ? staged.length : 0];
    final float[] bias = new float[COLUMN_BLOCK];
    final float[] block = new float[ROW_BLOCK * COLUMN_BLOCK];
    final float[] tile = new float[ROWS * MicroKernel.WIDE];
    final float[] panel = new float[DEPTH_BLOCK * MicroKernel.WIDE]; // of weights that are bytes
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
    bytes = weights.bytes();
    panels = bytes == null ? weights.panels(a.rows(), workers) : null;
    if (bytes == null && panels == null) {
      workers.forEach(DirectProduct.items(weights), directBody);
      return;
    }
    rowBlocks = Math.ceilDiv(a.rows(), ROW_BLOCK);
    blockColumns = COLUMN_BLOCK;
    int enough = workers.threads() == 1 ? 1 : ITEMS_A_THREAD * workers.threads();
    while (blockColumns > FEWEST_COLUMNS && items() < enough) {
      blockColumns /= 2;
    }
    workers.forEach(items(), body);
  }

  private int items() {
    return rowBlocks * Math.ceilDiv(weights.outputs(), blockColumns);
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
    int firstColumn = item / rowBlocks * blockColumns;
    int rows = Math.min(ROW_BLOCK, a.rows() - firstRow);
    int columns = Math.min(blockColumns, weights.outputs() - firstColumn);
    weights.copyBias(firstColumn, columns, own.bias, 0);
    for (int k = 0; k < weights.inputs(); k += DEPTH_BLOCK) {
      int depth = Math.min(DEPTH_BLOCK, weights.inputs() - k);
      int padded = MicroKernel.padDepth(depth);
      Panels.copyRows(a, firstRow, rows, k, depth, own.staged, 0, padded);
      Panels.clearPadding(own.staged, rows, depth);
      var tiles = Panels.packTiles(own.staged, rows, padded, own.packed);
      addDepth(own, tiles, firstRow, rows, firstColumn, columns, k, padded);
    }
  }

  private void addDepth(
      Scratch own,
      float[] tiles,
      int firstRow,
      int rows,
      int firstColumn,
      int columns,
      int k,
      int depth) {
    boolean isLast = k + depth >= weights.inputs();
    int padded = MicroKernel.padColumns(columns);
    for (int from = 0; from < padded; ) {
      int width = MicroKernel.panelWidth(from, padded);
      boolean isFused = bytes != null && rows == 1;
      var b = bytes == null ? panels : own.panel;
      int panel = bytes == null ? (firstColumn + from) * weights.panelDepth() + k * width : 0;
      if (isFused) {
        bytes.multiplyRow(own.staged, firstColumn + from, k, depth, width, own.tile);
      } else if (bytes != null) {
        bytes.expand(firstColumn + from, k, depth, width, own.panel);
      }
      for (int r = 0, count; r < rows; r += count) {
        count = MicroKernel.tileRows(rows - r, depth);
        if (!isFused) {
          MicroKernel.multiplyPacked(tiles, r * depth, count, b, panel, depth, width, own.tile);
        }
        int used = Math.min(count, rows - r);
        int to = r * COLUMN_BLOCK + from;
        var init = k == 0 ? own.bias : own.block;
        int it = k == 0 ? from : to;
        int ldi = k == 0 ? 0 : COLUMN_BLOCK;
        if (isLast) {
          MicroKernel.storeTile(
              own.tile, used, width, init, it, ldi, out, firstRow + r, firstColumn + from);
        } else {
          MicroKernel.addTile(own.tile, used, width, init, it, ldi, own.block, to, COLUMN_BLOCK);
        }
      }
      from += width;
    }
  }
}
