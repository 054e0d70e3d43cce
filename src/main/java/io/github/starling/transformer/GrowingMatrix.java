package io.github.starling.transformer;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;

/** Scratch rows that are reused, and allocated anew only when more are needed than ever before. */
public final class GrowingMatrix implements AutoCloseable {
  private final int columns;
  private Arena arena = Arena.ofShared();
  private Matrix rows;

  /** Begins without rows. */
  public GrowingMatrix(int columns) {
    this.columns = columns;
    rows = Matrix.allocate(arena, 0, columns);
  }

  /** Views {@code n} rows of any content; earlier views may be invalid then. */
  public Matrix rows(int n) {
    if (n > rows.rows()) {
      arena.close();
      arena = Arena.ofShared();
      rows = Matrix.allocate(arena, Math.max(n, rows.rows() + rows.rows() / 2), columns);
    }
    return rows.rows(0, n);
  }

  @Override
  public void close() {
    arena.close();
  }
}
