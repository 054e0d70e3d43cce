package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * {@link LayerNorm} one element at a time, bit for bit: for a program's first calls, see {@link
 * ColdStart}.
 */
final class PlainLayerNorm {
  private final LayerNorm norm;
  private final int columns;
  private final int bound; // of the whole vectors
  private final float[] row;
  private final float[] other;

  PlainLayerNorm(LayerNorm norm) {
    this.norm = norm;
    columns = norm.gain().length;
    bound = columns / ColdStart.LANES * ColdStart.LANES;
    row = new float[columns];
    other = new float[columns];
  }

  /** Normalises each row in place. */
  void normalize(Matrix x) {
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, row);
      normalizeRow();
      store(x, r);
    }
  }

  /**
   * Normalises each row in place, once the residual is added.
   *
   * @param keepsSum whether the residual takes the sum
   */
  void addAndNormalize(Matrix x, Matrix residual, boolean keepsSum) {
    for (int r = 0; r < x.rows(); r++) {
      load(x, r, row);
      load(residual, r, other);
      for (int c = 0; c < columns; c++) {
        row[c] += other[c];
      }
      if (keepsSum) {
        store(residual, r);
      }
      normalizeRow();
      store(x, r);
    }
  }

  private void load(Matrix from, int r, float[] to) {
    MemorySegment.copy(from.data(), Matrix.FLOAT, from.byteOffset(r), to, 0, columns);
  }

  private void store(Matrix to, int r) {
    MemorySegment.copy(row, 0, to.data(), Matrix.FLOAT, to.byteOffset(r), columns);
  }

  private void normalizeRow() {
    float mean = sum() / columns;
    for (int c = 0; c < columns; c++) {
      row[c] -= mean;
    }
    float rest = sum() / columns;
    float variance = squares(rest) / columns;
    float scale = (float) (1 / Math.sqrt((double) variance + norm.epsilon()));
    for (int c = 0; c < columns; c++) {
      row[c] = Math.fma(row[c] - rest, norm.gain()[c] * scale, norm.bias()[c]);
    }
  }

  private float sum() {
    var lanes = new float[ColdStart.LANES];
    for (int c = 0; c < bound; c++) {
      lanes[c % lanes.length] += row[c];
    }
    float sum = ColdStart.sum(lanes);
    for (int c = bound; c < columns; c++) {
      sum += row[c];
    }
    return sum;
  }

  private float squares(float mean) {
    var lanes = new float[ColdStart.LANES];
    for (int c = 0; c < bound; c++) {
      float centered = row[c] - mean;
      lanes[c % lanes.length] = Math.fma(centered, centered, lanes[c % lanes.length]);
    }
    float sum = ColdStart.sum(lanes);
    for (int c = bound; c < columns; c++) {
      float centered = row[c] - mean;
      sum = Math.fma(centered, centered, sum);
    }
    return sum;
  }
}
