package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteWeightsTest {
  private final Arena arena = Arena.ofAuto();

  /** Weights as a quantised model has them: step · (q − zero), every q among them. */
  private Matrix quantised(int rows, int columns, float step, int zero, long seed) {
    var random = new Random(seed);
    var weights = Matrix.allocate(arena, rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int i = r * columns + c;
        int q = i < 256 ? i : random.nextInt(256);
        weights.set(r, c, step * (q - zero));
      }
    }
    return weights;
  }

  private Matrix gaussian(int rows, int columns, long seed) {
    var random = new Random(seed);
    var matrix = Matrix.allocate(arena, rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, (float) random.nextGaussian());
      }
    }
    return matrix;
  }

  @Test
  void productsHaveTheBitsOfFloatWeights() {
    try (var workers = new Workers(2)) {
      int[][] shapes = {{1, 30, 17}, {1, 416, 416}, {2, 385, 70}, {7, 771, 33}, {8, 64, 600}};
      for (int[] shape : shapes) {
        int inputs = shape[1];
        var parts =
            List.of(
                quantised(shape[2], inputs, 0.0031f, 117, 1),
                quantised(20, inputs, 1.7f, 255, 2),
                quantised(9, inputs, 3e-8f, 0, 3));
        var biases = List.of(gaussian(1, shape[2], 4), gaussian(1, 20, 5), gaussian(1, 9, 6));
        var a = gaussian(shape[0], inputs, 7);
        var floats = new DenseWeights(parts, biases);
        var bytes = new DenseWeights(parts, biases);
        bytes.compress();
        assertNotNull(bytes.bytes());
        var expected = Matrix.allocate(arena, shape[0], floats.outputs());
        var found = Matrix.allocate(arena, shape[0], floats.outputs());
        new MatrixProduct(workers).multiply(a, floats, expected);
        new MatrixProduct(workers).multiply(a, bytes, found);
        assertArrayEquals(expected.toArray(), found.toArray(), inputs + " inputs");
      }
    }
  }

  @Test
  void otherWeightsStayFloats() {
    var weights = gaussian(40, 50, 1);
    var dense = new DenseWeights(weights, gaussian(1, 40, 2));
    dense.compress();
    assertNull(dense.bytes());
    var out = Matrix.allocate(arena, 3, 40);
    try (var workers = new Workers(1)) {
      new MatrixProduct(workers).multiply(gaussian(3, 50, 3), dense, out);
    }
    assertEquals(out.get(0, 0), out.get(0, 0)); // computed, and no NaN
  }

  @Test
  void findsStepAndLowestValue() {
    assertEquals(
        new EvenSpacing(0.0031f, -117), EvenSpacing.of(quantised(20, 20, 0.0031f, 117, 1)));
    assertEquals(
        new EvenSpacing(0.5f, -3),
        EvenSpacing.of(Matrix.of(arena, new float[][] {{-1.5f, 0, 0.5f}})));
  }

  @Test
  void refusesWhatIsNotEvenlySpaced() {
    var weights = quantised(20, 20, 0.0031f, 117, 1);
    weights.set(9, 9, Math.nextUp(weights.get(9, 9)));
    assertNull(EvenSpacing.of(weights));
    weights = quantised(20, 20, 0.0031f, 117, 1);
    weights.set(9, 9, 0.0031f * 200); // 318 values from −117 on
    assertNull(EvenSpacing.of(weights));
    weights.set(9, 9, Float.NaN);
    assertNull(EvenSpacing.of(weights));
    weights.set(9, 9, Float.POSITIVE_INFINITY);
    assertNull(EvenSpacing.of(weights));
    assertNull(EvenSpacing.of(Matrix.allocate(arena, 2, 2)));
  }
}
