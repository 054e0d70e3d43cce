package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class MatrixProductTest {
  private static final double[][] A = {{1, 2}, {3, 4}, {5, 6}};

  @Test
  void everyRowMeetsEveryRow() {
    double[][] b = {{1, 10}, {100, 0}};
    assertArrayEquals(
        new double[][] {{21, 100}, {43, 300}, {65, 500}}, MatrixProduct.timesTransposed(A, b));
  }

  @Test
  void rowsAreSummedUnderTheirWeights() {
    double[][] weights = {{1, 0, 0}, {1, 10, 100}};
    assertArrayEquals(new double[][] {{1, 2}, {531, 642}}, MatrixProduct.times(weights, A, 2));
  }

  @Test
  void dotProductsAreSummedInColumnOrderWithoutFusing() {
    double[][] ones = {{1, 1, 1}};
    double[][] b = {{1, 0x1p53, -0x1p53}, {-0x1p53, 0x1p53, 1}};
    assertArrayEquals(new double[][] {{0, 1}}, MatrixProduct.timesTransposed(ones, b));

    double x = 1 + 0x1p-52;
    double[][] rounded =
        MatrixProduct.timesTransposed(
            new double[][] {{1, x}}, new double[][] {{-(1 + 0x1p-51), x}});
    assertArrayEquals(new double[][] {{0}}, rounded);
  }

  @Test
  void noRowsToSumGiveZeros() {
    assertArrayEquals(new double[2][3], MatrixProduct.times(new double[2][0], new double[0][], 3));
  }
}
