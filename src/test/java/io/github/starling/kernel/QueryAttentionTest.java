package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueryAttentionTest {
  private final QueryAttention attention = new QueryAttention();

  @Test
  void agreesWithDoublePrecisionAtAwkwardSizes() {
    int lanes = Lanes.LANES;
    for (int m : new int[] {1, 2, lanes - 1, lanes, lanes + 1, 4 * lanes, 4 * lanes + 3, 1013}) {
      for (int width : new int[] {1, 3, 4, 36, 52, 53}) {
        check(m, width, Math.max(1, width - 2), 1);
        check(m, width, width, 300);
      }
    }
  }

  private void check(int m, int dk, int dv, double size) {
    String where = "m %d, dk %d, dv %d, size %s".formatted(m, dk, dv, size);
    var random = new Random(m * 100L + dk);
    try (var arena = Arena.ofConfined()) {
      var query = gaussian(random, Matrix.allocate(arena, 1, dk), size);
      var keys = gaussian(random, padded(arena, dk, m), 1);
      var values = gaussian(random, padded(arena, dv, m), 1);
      var out = Matrix.allocate(arena, 1, dv);
      double scale = 1 / Math.sqrt(dk);
      attention.attend(query, keys, values, RowAttention.scoreFactor(scale), out);
      double[] weights = new double[m];
      double total = 0;
      double largest = Double.NEGATIVE_INFINITY;
      for (int t = 0; t < m; t++) {
        for (int c = 0; c < dk; c++) {
          weights[t] += scale * query.get(0, c) * keys.get(c, t);
        }
        largest = Math.max(largest, weights[t]);
      }
      for (int t = 0; t < m; t++) {
        weights[t] = Math.exp(weights[t] - largest);
        total += weights[t];
      }
      for (int c = 0; c < dv; c++) {
        double expected = 0;
        for (int t = 0; t < m; t++) {
          expected += weights[t] / total * values.get(c, t);
        }
        // a score of size s is rounded by s·2⁻²⁴ and so is its weight, of values of size 1
        assertEquals(expected, out.get(0, c), 2e-6 * Math.max(1, Math.sqrt(size) * 3), where);
      }
    }
  }

  @Test
  void hugeScoresDoNotOverflow() {
    try (var arena = Arena.ofConfined()) {
      var query = Matrix.of(arena, new float[][] {{1e4f, -1e4f}});
      var keys = gaussian(new Random(1), padded(arena, 2, 50), 100);
      var values = gaussian(new Random(2), padded(arena, 2, 50), 1);
      var out = Matrix.allocate(arena, 1, 2);
      attention.attend(query, keys, values, 1, out);
      assertTrue(Float.isFinite(out.get(0, 0)) && Float.isFinite(out.get(0, 1)));
    }
  }

  private static Matrix padded(Arena arena, int rows, int m) {
    return Matrix.allocate(arena, rows, QueryAttention.paddedKeys(m) + Lanes.LANES).columns(0, m);
  }

  private static Matrix gaussian(Random random, Matrix x, double size) {
    for (int r = 0; r < x.rows(); r++) {
      for (int c = 0; c < x.columns(); c++) {
        x.set(r, c, (float) (size * random.nextGaussian()));
      }
    }
    return x;
  }
}
