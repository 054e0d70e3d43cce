package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Rows of a matrix in the heap, one after another, each filled up with zeros to whole vectors.
 *
 * <p>Rows that are gathered over and over lie close together here, whatever the stride that the
 * matrix has. Keeps its memory between loads: O(rows · columns).
 */
final class RowTable {
  private static final int BLOCK = 64;

  private final int columns;
  private final int stride;
  private float[] data = {};

  /**
   * Makes an empty table.
   *
   * @param columns of the rows
   * @param stride floats from row to row, whole vectors
   */
  RowTable(int columns, int stride) {
    this.columns = columns;
    this.stride = stride;
  }

  /**
   * Copies all rows; behind them is room for the rows that fill up a panel.
   *
   * @param mean out, that of the rows, {@code stride} floats
   */
  void load(Matrix rows, float[] mean) {
    int size = Math.multiplyExact(rows.rows() + MicroKernel.WIDE, stride);
    if (data.length < size) {
      data = new float[size];
    }
    Arrays.fill(mean, 0f);
    for (int first = 0; first < rows.rows(); first += BLOCK) {
      int count = Math.min(BLOCK, rows.rows() - first);
      Panels.copyRows(rows, first, count, 0, columns, data, at(first), stride);
      addRows(data, at(first), stride, count, mean);
    }
    divide(mean, rows.rows());
  }

  float[] data() {
    return data;
  }

  int stride() {
    return stride;
  }

  /** Returns where a row begins. */
  int at(int row) {
    return row * stride;
  }

  private static void divide(float[] sum, int count) {
    for (int c = 0; count > 0 && c < sum.length; c++) {
      sum[c] /= count;
    }
  }

  /** Adds dense rows; four vectors at a time, whose additions wait for one another side by side. */
  private static void addRows(float[] rows, int at, int stride, int count, float[] sum) {
    int c = 0;
    for (; c + 4 * LANES <= stride; c += 4 * LANES) {
      var s0 = FloatVector.fromArray(FLOATS, sum, c);
      var s1 = FloatVector.fromArray(FLOATS, sum, c + LANES);
      var s2 = FloatVector.fromArray(FLOATS, sum, c + 2 * LANES);
      var s3 = FloatVector.fromArray(FLOATS, sum, c + 3 * LANES);
      for (int r = 0; r < count; r++) {
        int from = at + r * stride + c;
        s0 = s0.add(FloatVector.fromArray(FLOATS, rows, from));
        s1 = s1.add(FloatVector.fromArray(FLOATS, rows, from + LANES));
        s2 = s2.add(FloatVector.fromArray(FLOATS, rows, from + 2 * LANES));
        s3 = s3.add(FloatVector.fromArray(FLOATS, rows, from + 3 * LANES));
      }
      s0.intoArray(sum, c);
      s1.intoArray(sum, c + LANES);
      s2.intoArray(sum, c + 2 * LANES);
      s3.intoArray(sum, c + 3 * LANES);
    }
    for (; c < stride; c += LANES) {
      var s = FloatVector.fromArray(FLOATS, sum, c);
      for (int r = 0; r < count; r++) {
        s = s.add(FloatVector.fromArray(FLOATS, rows, at + r * stride + c));
      }
      s.intoArray(sum, c);
    }
  }

  /**
   * Subtracts a point from the first {@code count} rows.
   *
   * @param norms out, ‖row‖₂ of each after that
   */
  void center(int count, float[] point, float[] norms) {
    center(data, stride, count, point, norms);
    roots(norms, count);
  }

  private static void center(float[] rows, int stride, int count, float[] point, float[] squares) {
    for (int r = 0; r < count; r++) {
      var sum = FloatVector.zero(FLOATS);
      for (int c = 0; c < stride; c += LANES) {
        int at = r * stride + c;
        var x =
            FloatVector.fromArray(FLOATS, rows, at).sub(FloatVector.fromArray(FLOATS, point, c));
        x.intoArray(rows, at);
        sum = x.fma(x, sum);
      }
      squares[r] = Reduction.sum(sum);
    }
  }

  /** Computes the distances of the first {@code count} rows to a point. */
  void distances(int count, float[] point, float[] distances) {
    squaredDistances(data, stride, count, point, distances);
    roots(distances, count);
  }

  static void squaredDistances(
      float[] rows, int stride, int count, float[] point, float[] squares) {
    for (int r = 0; r < count; r++) {
      var sum = FloatVector.zero(FLOATS);
      for (int c = 0; c < stride; c += LANES) {
        var x =
            FloatVector.fromArray(FLOATS, rows, r * stride + c)
                .sub(FloatVector.fromArray(FLOATS, point, c));
        sum = x.fma(x, sum);
      }
      squares[r] = Reduction.sum(sum);
    }
  }

  private static void roots(float[] squares, int count) {
    for (int r = 0; r < count; r++) {
      squares[r] = (float) Math.sqrt(squares[r]);
    }
  }
}
