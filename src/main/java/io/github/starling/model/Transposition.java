package io.github.starling.model;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;

/** Exchanges the rows and columns of a matrix. */
final class Transposition {
  /** Side of the squares that are transposed at once, so that both sides stay in the cache. */
  private static final int TILE = 32;

  private Transposition() {}

  /**
   * Returns the transposition.
   *
   * @param from shape (r, c)
   * @param arena owner of the result
   * @return shape (c, r), packed
   */
  static Matrix of(Matrix from, Arena arena) {
    var to = Matrix.allocate(arena, from.columns(), from.rows());
    for (int r = 0; r < from.rows(); r += TILE) {
      for (int c = 0; c < from.columns(); c += TILE) {
        transposeTile(from, to, r, c);
      }
    }
    return to;
  }

  private static void transposeTile(Matrix from, Matrix to, int row, int column) {
    int rows = Math.min(from.rows(), row + TILE);
    int columns = Math.min(from.columns(), column + TILE);
    for (int r = row; r < rows; r++) {
      for (int c = column; c < columns; c++) {
        to.set(c, r, from.get(r, c));
      }
    }
  }
}
