package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowSumTest {
  @Test
  void addsWeightedRowsOfAStridedView() {
    for (int columns : new int[] {0, 1, Lanes.LANES - 1, Lanes.LANES, Lanes.LANES + 1, 37}) {
      try (var arena = Arena.ofConfined()) {
        var rows = random(arena, 5, columns + 3).columns(2, columns);
        var sum = new float[columns];
        java.util.Arrays.fill(sum, 1f);
        RowSum.add(rows.rows(1, 3), 0.25f, sum);
        for (int c = 0; c < columns; c++) {
          double exact = 1;
          for (int r = 1; r < 4; r++) {
            exact += 0.25 * rows.get(r, c);
          }
          assertEquals(exact, sum[c], 4 * Math.ulp(2f), "columns " + columns);
        }
      }
    }
  }

  @Test
  void partsGiveTheBitsOfTheWhole() {
    try (var arena = Arena.ofConfined()) {
      var rows = random(arena, 40, 21);
      var whole = new float[21];
      RowSum.add(rows, 0.3f, whole);
      var parts = new float[21];
      RowSum.add(rows.rows(0, 13), 0.3f, parts);
      RowSum.add(rows.rows(13, 27), 0.3f, parts);
      assertArrayEquals(whole, parts);
      assertThrows(IllegalArgumentException.class, () -> RowSum.add(rows, 1f, new float[20]));
    }
  }

  private static Matrix random(Arena arena, int rows, int columns) {
    var random = new Random(columns);
    var matrix = Matrix.allocate(arena, rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, (float) random.nextGaussian());
      }
    }
    return matrix;
  }
}
