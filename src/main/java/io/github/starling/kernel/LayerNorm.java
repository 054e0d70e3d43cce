package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.FLOATS;
import static io.github.starling.kernel.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Layer normalisation of each row: gain·(x − mean)/√(variance + ε) + bias.
 *
 * <p>Ba, Kiros, Hinton, arXiv:1607.06450, equation 4, with the variance over n, not n − 1. The
 * variance comes from a second pass over the centered row, since E[x²] − E[x]² cancels, and the
 * mean is corrected by that of the centered row, since a mean far from zero is rounded coarsely. A
 * row's result depends on that row alone.
 *
 * <p>The passes over a row are compiled one by one ({@link KernelCompilation}): all in one method
 * they are more than C2 inlines, and it boxes the vectors of the last.
 *
 * @param gain factor of each column, shape (columns)
 * @param bias summand of each column, shape (columns)
 * @param epsilon keeps the root away from zero, ≥ 0
 */
public record LayerNorm(float[] gain, float[] bias, float epsilon) {
  /** Operations for an element, about. */
  private static final long COST = 16;

  /**
   * Checks the parameters.
   *
   * @throws IllegalArgumentException if gain and bias differ in length, or epsilon is negative
   */
  public LayerNorm {
    if (gain.length != bias.length) {
      throw new IllegalArgumentException(
          "a layer norm's gain has %d columns but its bias has %d"
              .formatted(gain.length, bias.length));
    }
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("a layer norm's epsilon must be ≥ 0, not " + epsilon);
    }
  }

  /**
   * Normalises each row in place.
   *
   * @param x shape (rows, columns)
   * @throws IllegalArgumentException if x has other columns than the parameters
   */
  public void normalize(Matrix x) {
    checkColumns(x);
    if (isCold(x)) {
      new PlainLayerNorm(this).normalize(x);
    } else {
      normalizeRows(x);
    }
  }

  void normalizeRows(Matrix x) {
    for (int r = 0; r < x.rows(); r++) {
      normalizeRow(x.data(), x.byteOffset(r));
    }
  }

  private static boolean isCold(Matrix x) {
    return ColdStart.lasts(COST * x.rows() * x.columns());
  }

  /**
   * Adds the residual to each row and normalises the sum: x ← LayerNorm(x + residual).
   *
   * @param x shape (rows, columns), takes the result
   * @param residual shape (rows, columns), unchanged
   * @throws IllegalArgumentException if the shapes differ from each other or from the parameters
   */
  public void addAndNormalize(Matrix x, Matrix residual) {
    addAndNormalize(x, residual, false);
  }

  /**
   * Adds each row to the residual and normalises the sum: residual ← residual + x, x ←
   * LayerNorm(residual).
   *
   * @param x shape (rows, columns), takes the result
   * @param residual shape (rows, columns), takes the sum
   * @throws IllegalArgumentException if the shapes differ from each other or from the parameters
   */
  public void accumulateAndNormalize(Matrix x, Matrix residual) {
    addAndNormalize(x, residual, true);
  }

  private void addAndNormalize(Matrix x, Matrix residual, boolean keepsSum) {
    checkColumns(x);
    if (residual.rows() != x.rows() || residual.columns() != x.columns()) {
      throw new IllegalArgumentException(
          "cannot add a residual of shape %s to %s".formatted(residual.shape(), x.shape()));
    }
    if (isCold(x)) {
      new PlainLayerNorm(this).addAndNormalize(x, residual, keepsSum);
    } else {
      addAndNormalizeRows(x, residual, keepsSum);
    }
  }

  void addAndNormalizeRows(Matrix x, Matrix residual, boolean keepsSum) {
    for (int r = 0; r < x.rows(); r++) {
      add(x.data(), x.byteOffset(r), residual.data(), residual.byteOffset(r), x.columns());
      if (keepsSum) {
        x.copyRow(r, residual, r);
      }
      normalizeRow(x.data(), x.byteOffset(r));
    }
  }

  void checkColumns(Matrix x) {
    if (x.columns() != gain.length) {
      throw new IllegalArgumentException(
          "a layer norm over %d columns cannot normalise %s".formatted(gain.length, x.shape()));
    }
  }

  private void normalizeRow(MemorySegment x, long from) {
    int columns = gain.length;
    float mean = sum(x, from, columns) / columns;
    float rest = center(x, from, columns, mean) / columns;
    float variance = squares(x, from, columns, rest) / columns;
    float scale = (float) (1 / Math.sqrt((double) variance + epsilon));
    rescale(x, from, rest, scale);
  }

  /** Writes (x − rest)·gain·scale + bias. */
  void rescale(MemorySegment x, long from, float rest, float scale) {
    int columns = gain.length;
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      long at = from + 4L * c;
      var factor = FloatVector.fromArray(FLOATS, gain, c).mul(scale);
      FloatVector.fromMemorySegment(FLOATS, x, at, LITTLE_ENDIAN)
          .sub(rest)
          .fma(factor, FloatVector.fromArray(FLOATS, bias, c))
          .intoMemorySegment(x, at, LITTLE_ENDIAN);
    }
    for (; c < columns; c++) {
      long at = from + 4L * c;
      float centered = x.get(Matrix.FLOAT, at) - rest;
      x.set(Matrix.FLOAT, at, Math.fma(centered, gain[c] * scale, bias[c]));
    }
  }

  private static void add(
      MemorySegment x, long from, MemorySegment residual, long residualFrom, int columns) {
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      long at = from + 4L * c;
      FloatVector.fromMemorySegment(FLOATS, x, at, LITTLE_ENDIAN)
          .add(
              FloatVector.fromMemorySegment(FLOATS, residual, residualFrom + 4L * c, LITTLE_ENDIAN))
          .intoMemorySegment(x, at, LITTLE_ENDIAN);
    }
    for (; c < columns; c++) {
      long at = from + 4L * c;
      float sum = x.get(Matrix.FLOAT, at) + residual.get(Matrix.FLOAT, residualFrom + 4L * c);
      x.set(Matrix.FLOAT, at, sum);
    }
  }

  static float sum(MemorySegment x, long from, int columns) {
    var sums = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      sums = sums.add(FloatVector.fromMemorySegment(FLOATS, x, from + 4L * c, LITTLE_ENDIAN));
    }
    float sum = Reduction.sum(sums);
    for (; c < columns; c++) {
      sum += x.get(Matrix.FLOAT, from + 4L * c);
    }
    return sum;
  }

  /** Subtracts the rounded mean and returns the sum of what is left, what the rounding missed. */
  private static float center(MemorySegment x, long from, int columns, float mean) {
    var sums = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      long at = from + 4L * c;
      var centered = FloatVector.fromMemorySegment(FLOATS, x, at, LITTLE_ENDIAN).sub(mean);
      centered.intoMemorySegment(x, at, LITTLE_ENDIAN);
      sums = sums.add(centered);
    }
    float sum = Reduction.sum(sums);
    for (; c < columns; c++) {
      long at = from + 4L * c;
      float centered = x.get(Matrix.FLOAT, at) - mean;
      x.set(Matrix.FLOAT, at, centered);
      sum += centered;
    }
    return sum;
  }

  static float squares(MemorySegment x, long from, int columns, float mean) {
    var sums = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(columns);
    int c = 0;
    for (; c < bound; c += LANES) {
      var centered =
          FloatVector.fromMemorySegment(FLOATS, x, from + 4L * c, LITTLE_ENDIAN).sub(mean);
      sums = centered.fma(centered, sums);
    }
    float sum = Reduction.sum(sums);
    for (; c < columns; c++) {
      float centered = x.get(Matrix.FLOAT, from + 4L * c) - mean;
      sum = Math.fma(centered, centered, sum);
    }
    return sum;
  }
}
