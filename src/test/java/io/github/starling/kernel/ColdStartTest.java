package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What plain loops compute has the bits of what the vector kernels compute. */
class ColdStartTest {
  private static final int LANES = Lanes.LANES;
  private static final int[] WIDTHS = {1, LANES - 1, LANES, LANES + 1, 3 * LANES + 2, 37, 384};

  private final Arena arena = Arena.ofAuto();
  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void endsWithTheFirstVectorKernel() {
    assertEquals(LANES, ColdStart.LANES);
    assertFalse(ColdStart.lasts(0));
  }

  @Test
  void geluHasTheSameBits() {
    for (float size : new float[] {0.1f, 3, 20, 1e30f, Float.POSITIVE_INFINITY, Float.NaN}) {
      assertSameBits(GeluKernel::erf, PlainGelu::erf, 384, size);
      assertSameBits(GeluKernel::tanh, PlainGelu::tanh, 384, size);
    }
  }

  @Test
  void layerNormHasTheSameBits() {
    for (int columns : WIDTHS) {
      for (float size : new float[] {1, 1e-20f, 1e10f, Float.NaN}) {
        var norm = new LayerNorm(gaussian(1, columns, 1).toArray()[0], new float[columns], 1e-12f);
        var residual = gaussian(3, columns, 1);
        var plain = new PlainLayerNorm(norm);
        assertSameBits(norm::normalizeRows, plain::normalize, columns, size);
        assertSameBits(
            x -> norm.addAndNormalizeRows(x, residual, false),
            x -> plain.addAndNormalize(x, residual, false),
            columns,
            size);
        var x = gaussian(3, columns, size);
        var plainX = Matrix.of(arena, x.toArray());
        var sum = gaussian(3, columns, 1);
        var plainSum = Matrix.of(arena, sum.toArray());
        norm.addAndNormalizeRows(x, sum, true);
        plain.addAndNormalize(plainX, plainSum, true);
        assertArrayEquals(x.toArray(), plainX.toArray());
        assertArrayEquals(sum.toArray(), plainSum.toArray());
      }
    }
  }

  @Test
  void rowSumHasTheSameBits() {
    for (int columns : WIDTHS) {
      var rows = gaussian(5, columns, 1);
      var expected = new float[columns];
      var found = new float[columns];
      RowSum.add(rows, 0.3f, expected);
      RowSum.addPlainly(rows, 0.3f, found);
      assertArrayEquals(expected, found);
    }
  }

  @Test
  void attentionHasTheSameBits() {
    for (int n : new int[] {1, 2, 5, 6, 7, LANES, 31, 128}) {
      for (int m : new int[] {1, LANES - 1, LANES + 1, 47, 128}) {
        for (int[] widths : new int[][] {{32, 32}, {64, 64}, {7, 3}, {LANES + 1, 2 * LANES + 1}}) {
          // Beyond some ten, scores leave the bound and rows need their maxima.
          for (float size : new float[] {1, 30, 1e4f, Float.NaN}) {
            checkAttention(n, m, widths[0], widths[1], size);
          }
        }
      }
    }
  }

  private void checkAttention(int n, int m, int dk, int dv, float size) {
    var q = gaussian(n, dk, size);
    var k = gaussian(m, dk, 1);
    var v = gaussian(m, dv, 1);
    double factor = RowAttention.scoreFactor(0.3);
    var expected = Matrix.allocate(arena, n, dv);
    var rows = new RowAttention(n, dk, dv);
    rows.begin(q, 0, n, factor);
    rows.attend(k, v, null, null);
    rows.finish(expected, 0);
    var found = Matrix.allocate(arena, n, dv);
    PlainAttention.attend(q, k, v, factor, found);
    String where = "n %d, m %d, dk %d, dv %d, size %s".formatted(n, m, dk, dv, size);
    assertArrayEquals(expected.toArray(), found.toArray(), where);
  }

  @Test
  void productsHaveTheSameBits() {
    var shapes = new ArrayList<int[]>();
    shapes.addAll(List.of(new int[][] {{1, 1, 1}, {6, 16, 64}, {7, 17, 65}, {64, 385, 257}}));
    for (int rows = 1; rows <= 17; rows++) { // every way to fill up the last tile
      shapes.add(new int[] {rows, 130, 20});
    }
    try (var workers = new Workers(2)) {
      for (int[] shape : shapes) {
        var weights = gaussian(shape[2], shape[1], 1);
        var bias = gaussian(1, shape[2], 1);
        // Two layers side by side, as those of queries and keys are.
        var layer =
            new DenseWeights(
                List.of(weights, gaussian(5, shape[1], 1)), List.of(bias, gaussian(1, 5, 1)));
        var a = gaussian(shape[0], shape[1], 1);
        var direct = Matrix.allocate(arena, shape[0], layer.outputs());
        new MatrixProduct(workers).multiply(a, layer, direct);
        layer.panels(DenseWeights.FEW_ROWS, workers);
        var packed = Matrix.allocate(arena, shape[0], layer.outputs());
        new MatrixProduct(workers).multiply(a, layer, packed);
        assertArrayEquals(packed.toArray(), direct.toArray());
      }
    }
  }

  private void assertSameBits(
      Consumer<Matrix> kernel, Consumer<Matrix> plain, int columns, float size) {
    var x = gaussian(3, columns, size);
    var y = Matrix.of(arena, x.toArray());
    kernel.accept(x);
    plain.accept(y);
    assertArrayEquals(x.toArray(), y.toArray(), "columns %d, size %s".formatted(columns, size));
  }

  /** Normal numbers; where the size is not finite, one is that. */
  private Matrix gaussian(int rows, int columns, float size) {
    boolean isFinite = Float.isFinite(size);
    var matrix = Matrix.allocate(arena, rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, (float) random.nextGaussian() * (isFinite ? size : 1));
      }
    }
    if (!isFinite) {
      matrix.set(rows / 2, columns / 2, size);
    }
    return matrix;
  }
}
