package io.github.starling.attention;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Random;

/** Heads of random numbers, stored as column slices at odd addresses. */
final class RandomHeads {
  private final Arena arena;
  private final Random random;

  RandomHeads(Arena arena, long seed) {
    this.arena = arena;
    random = new Random(seed);
  }

  /** A head whose queries lie around a few centres, as real ones do. */
  Head head(int n, int m, int dk, int dv) {
    return head(n, m, dk, dv, 1);
  }

  /** The same with queries and keys of a larger or smaller spread. */
  Head head(int n, int m, int dk, int dv, double spread) {
    var query = strided(n, dk);
    var centres = new double[5][dk];
    for (var centre : centres) {
      for (int d = 0; d < dk; d++) {
        centre[d] = random.nextGaussian();
      }
    }
    for (int i = 0; i < n; i++) {
      var centre = centres[random.nextInt(5)];
      for (int d = 0; d < dk; d++) {
        query.set(i, d, (float) (spread * (centre[d] + 0.5 * random.nextGaussian())));
      }
    }
    return new Head(query, gaussian(m, dk, spread), gaussian(m, dv, 1), strided(n, dv));
  }

  /** A matrix of normal numbers. */
  Matrix gaussian(int rows, int columns, double spread) {
    var matrix = strided(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, (float) (spread * random.nextGaussian()));
      }
    }
    return matrix;
  }

  /** A column slice between columns of NaN, so that reading or writing beside it shows. */
  private Matrix strided(int rows, int columns) {
    var wide = Matrix.allocate(arena, rows + 1, columns + 3);
    for (int r = 0; r <= rows; r++) {
      for (int c = 0; c < columns + 3; c++) {
        wide.set(r, c, Float.NaN);
      }
    }
    var slice = wide.rows(0, rows).columns(1, columns);
    slice.clear();
    return slice;
  }
}
