package io.github.starling.bench;

import io.github.starling.tensor.Matrix;

/** Holds what is about to be timed to what it should compute. */
public final class Agreement {
  private Agreement() {}

  /**
   * Returns ‖actual − expected‖ / ‖expected‖ over all elements.
   *
   * @param expected shape (rows, columns)
   */
  public static double error(Matrix actual, double[][] expected) {
    double difference = 0;
    double size = 0;
    for (int r = 0; r < expected.length; r++) {
      for (int c = 0; c < expected[r].length; c++) {
        double d = actual.get(r, c) - expected[r][c];
        difference += d * d;
        size += expected[r][c] * expected[r][c];
      }
    }
    return Math.sqrt(difference / size);
  }

  /**
   * Refuses to time what is wrong.
   *
   * @throws IllegalStateException if the relative error is above the bound or not a number
   */
  public static void check(String what, double error, double bound) {
    if (!(error <= bound)) {
      throw new IllegalStateException(
          "%s is off by %.2e, more than %.0e: it is not timed".formatted(what, error, bound));
    }
  }

  /**
   * Copies rows spread evenly over a matrix.
   *
   * @param rows how many of them, at most all
   */
  public static double[][] sample(Matrix matrix, int rows) {
    var sample = new double[rows][matrix.columns()];
    for (int i = 0; i < rows; i++) {
      int r = sampledRow(matrix.rows(), rows, i);
      for (int c = 0; c < matrix.columns(); c++) {
        sample[i][c] = matrix.get(r, c);
      }
    }
    return sample;
  }

  /** Returns which row of {@code all} is number {@code i} of a sample. */
  public static int sampledRow(int all, int rows, int i) {
    return (int) ((long) i * all / rows);
  }
}
