package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MatrixProductTest {
  private final Arena arena = Arena.ofAuto();
  private final SplittableRandom random = new SplittableRandom(1);
  private final Workers one = new Workers(1);

  @Test
  void equalsTheDoubleProductAtAwkwardShapes() {
    int[][] shapes = {
      {1, 1, 1}, {5, 3, 2}, {6, 16, 64}, {7, 17, 65}, {95, 31, 33}, {97, 385, 257}, {13, 800, 300}
    };
    for (int[] shape : shapes) {
      var a = gaussian(shape[0], shape[1]);
      var weights = gaussian(shape[2], shape[1]);
      var bias = gaussian(1, shape[2]);
      var out = Matrix.allocate(arena, shape[0], shape[2] + 2).columns(1, shape[2]);
      var layer = new DenseWeights(weights, bias);
      new MatrixProduct(one).multiply(a, layer, out);
      check(a, weights, bias, out);
      layer.panels(DenseWeights.FEW_ROWS + 1, one); // packs, if that was not done yet
      new MatrixProduct(one).multiply(a, layer, out);
      check(a, weights, bias, out);
    }
  }

  private static void check(Matrix a, Matrix weights, Matrix bias, Matrix out) {
    for (int r = 0; r < out.rows(); r++) {
      for (int c = 0; c < out.columns(); c++) {
        double sum = bias.get(0, c);
        double size = Math.abs(sum);
        for (int k = 0; k < a.columns(); k++) {
          double product = (double) a.get(r, k) * weights.get(c, k);
          sum += product;
          size += Math.abs(product);
        }
        // Each of the inputs + 1 sums rounds by at most half an ulp of what is summed.
        double bound = (a.columns() + 1) * 0x1p-24 * size;
        assertEquals(sum, out.get(r, c), bound, "%d, %d".formatted(r, c));
      }
    }
    out.clear();
  }

  @Test
  void threadsChangeNoBit() {
    var a = gaussian(301, 70);
    var weights = new DenseWeights(gaussian(600, 70), gaussian(1, 600));
    var expected = Matrix.allocate(arena, 301, 600);
    new MatrixProduct(one).multiply(a, weights, expected);
    for (int threads : new int[] {2, 7}) {
      var out = Matrix.allocate(arena, 301, 600);
      try (var workers = new Workers(threads)) {
        new MatrixProduct(workers).multiply(a, weights, out);
      }
      assertArrayEquals(expected.toArray(), out.toArray());
    }
  }

  @Test
  void namesShapesThatDoNotFit() {
    var weights = new DenseWeights(gaussian(4, 3), gaussian(1, 4));
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new MatrixProduct(one).multiply(gaussian(2, 5), weights, gaussian(2, 4)));
    assertEquals("a layer from 3 to 4 columns cannot map (2, 5) to (2, 4)", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class, () -> new DenseWeights(gaussian(4, 3), gaussian(1, 3)));
    assertEquals("weights of shape (4, 3) need a bias of shape (1, 4), not (1, 3)", e.getMessage());
  }

  private Matrix gaussian(int rows, int columns) {
    var matrix = Matrix.allocate(arena, rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, (float) random.nextGaussian());
      }
    }
    return matrix;
  }
}
