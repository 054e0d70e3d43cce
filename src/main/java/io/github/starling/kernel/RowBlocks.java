package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.util.function.Consumer;

/** Shares the rows of a matrix among threads, for what treats each row alone. */
public final class RowBlocks {
  /** Rows that a thread takes at once. */
  private static final int BLOCK = 16;

  private RowBlocks() {}

  /** Takes adjacent rows. */
  @FunctionalInterface
  public interface Body {
    /**
     * Called once for each block, from any thread.
     *
     * @param from the first row
     * @param count how many rows
     */
    void run(int from, int count);
  }

  /**
   * Runs over rows.
   *
   * @param rows how many there are
   */
  public static void forEach(int rows, Workers workers, Body body) {
    workers.forEach(
        Math.ceilDiv(rows, BLOCK),
        (item, worker) -> body.run(item * BLOCK, Math.min(BLOCK, rows - item * BLOCK)));
  }

  /**
   * Runs over the rows of a matrix.
   *
   * @param matrix shape (rows, columns)
   * @param body takes views of some rows each
   */
  public static void forEach(Matrix matrix, Workers workers, Consumer<Matrix> body) {
    forEach(matrix.rows(), workers, (from, count) -> body.accept(matrix.rows(from, count)));
  }
}
