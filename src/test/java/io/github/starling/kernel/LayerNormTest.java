package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerNormTest {
  private static final float EPSILON = 1e-12f;

  @Test
  void agreesWithDoublePrecisionAtAwkwardWidths() {
    int lanes = Lanes.LANES;
    for (int columns : new int[] {1, 2, lanes - 1, lanes, lanes + 1, 37, 384, 769}) {
      for (double shift : new double[] {0, 30}) {
        check(columns, shift, false);
        check(columns, shift, true);
      }
    }
  }

  private static void check(int columns, double shift, boolean withResidual) {
    String where = "columns %d, shift %s, residual %s".formatted(columns, shift, withResidual);
    var random = new Random(columns);
    float[] gain = gaussian(random, columns, 0);
    float[] bias = gaussian(random, columns, 0);
    try (var arena = Arena.ofConfined()) {
      var outer = Matrix.allocate(arena, 4, columns + 3);
      var x = outer.rows(1, 2).columns(2, columns);
      var residual = Matrix.allocate(arena, 2, columns);
      float[][] sum = new float[2][columns];
      for (int r = 0; r < 2; r++) {
        float[] a = gaussian(random, columns, shift);
        float[] b = gaussian(random, columns, 0);
        for (int c = 0; c < columns; c++) {
          x.set(r, c, a[c]);
          residual.set(r, c, b[c]);
          sum[r][c] = withResidual ? a[c] + b[c] : a[c];
        }
      }
      var norm = new LayerNorm(gain, bias, EPSILON);
      if (withResidual) {
        accumulates(norm, x, residual, where);
        norm.addAndNormalize(x, residual);
      } else {
        norm.normalize(x);
      }
      for (int r = 0; r < 2; r++) {
        double[] exact = exact(sum[r], gain, bias);
        for (int c = 0; c < columns; c++) {
          // The row's standard deviation is 1 before the gain: a few roundings of 1 or the value.
          double scale = Math.max(Math.abs(gain[c]), Math.abs(exact[c] - bias[c]));
          double bound = 4 * 0x1p-24 * scale + Math.ulp((float) exact[c]);
          assertEquals(exact[c], x.get(r, c), bound, where);
        }
      }
      assertEquals(0, outer.get(0, 2), where);
      assertEquals(0, outer.get(1, 1), where);
      assertEquals(0, outer.get(2, columns + 2), where);
      assertEquals(0, outer.get(3, 2), where);
    }
  }

  /** Both ways give the same, and one keeps the sum. */
  private static void accumulates(LayerNorm norm, Matrix x, Matrix residual, String where) {
    try (var arena = Arena.ofConfined()) {
      var y = Matrix.of(arena, x.toArray());
      var z = Matrix.of(arena, x.toArray());
      var sum = Matrix.of(arena, residual.toArray());
      norm.accumulateAndNormalize(y, sum);
      norm.addAndNormalize(z, residual);
      assertArrayEquals(z.toArray(), y.toArray(), where);
      for (int r = 0; r < x.rows(); r++) {
        for (int c = 0; c < x.columns(); c++) {
          assertEquals(x.get(r, c) + residual.get(r, c), sum.get(r, c), where);
        }
      }
    }
  }

  @Test
  void aConstantRowBecomesTheBias() {
    try (var arena = Arena.ofConfined()) {
      var x = Matrix.of(arena, new float[][] {{5, 5, 5}});
      new LayerNorm(new float[] {1, 2, 3}, new float[] {4, 5, 6}, 1e-5f).normalize(x);
      assertArrayEquals(new float[] {4, 5, 6}, x.toArray()[0]);
    }
  }

  @Test
  void aRowComesOutTheSameWhereverItStands() {
    var random = new Random(3);
    int columns = 77;
    float[] row = gaussian(random, columns, 1);
    var norm = new LayerNorm(gaussian(random, columns, 0), gaussian(random, columns, 0), EPSILON);
    try (var arena = Arena.ofConfined()) {
      var alone = Matrix.of(arena, new float[][] {row});
      norm.normalize(alone);
      // Long enough for the compiled code to take over from the interpreter.
      var many = Matrix.allocate(arena, 20_000, columns);
      for (int r = 0; r < many.rows(); r++) {
        for (int c = 0; c < columns; c++) {
          many.set(r, c, row[c]);
        }
      }
      for (int r = 0; r < many.rows(); r++) {
        norm.normalize(many.rows(r, 1));
      }
      float[][] all = many.toArray();
      for (int r = 0; r < many.rows(); r++) {
        assertArrayEquals(alone.toArray()[0], all[r], "row " + r);
      }
    }
  }

  @Test
  void badShapesAreNamed() {
    var unequal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new LayerNorm(new float[3], new float[2], EPSILON));
    assertTrue(unequal.getMessage().contains("3") && unequal.getMessage().contains("2"));
    assertThrows(
        IllegalArgumentException.class, () -> new LayerNorm(new float[3], new float[3], -1f));
    try (var arena = Arena.ofConfined()) {
      var norm = new LayerNorm(new float[3], new float[3], EPSILON);
      var wide = Matrix.allocate(arena, 2, 4);
      var narrow = Matrix.allocate(arena, 2, 3);
      assertThrows(IllegalArgumentException.class, () -> norm.normalize(wide));
      assertThrows(IllegalArgumentException.class, () -> norm.addAndNormalize(narrow, wide));
    }
  }

  /** The formula in double precision. */
  private static double[] exact(float[] x, float[] gain, float[] bias) {
    double mean = 0;
    for (float v : x) {
      mean += v;
    }
    mean /= x.length;
    double variance = 0;
    for (float v : x) {
      variance += (v - mean) * (v - mean);
    }
    variance /= x.length;
    var y = new double[x.length];
    for (int c = 0; c < x.length; c++) {
      y[c] = gain[c] * (x[c] - mean) / Math.sqrt(variance + EPSILON) + bias[c];
    }
    return y;
  }

  private static float[] gaussian(Random random, int n, double shift) {
    var values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() + shift);
    }
    return values;
  }
}
