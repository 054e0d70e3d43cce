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

  /** Normalises each row in place, once the residual, if not null, is added. */
  void addAndNormalize(Matrix x, Matrix residual) {
    for (int r = 0; r < x.rows(); r++) {
      MemorySegment.copy(x.data(), Matrix.FLOAT, x.byteOffset(r), row, 0, columns);
      if (residual != null) {
        long from = residual.byteOffset(r);
        MemorySegment.copy(residual.data(), Matrix.FLOAT, from, other, 0, columns);
        for (int c = 0; c < columns; c++) {
          row[c] += other[c];
        }
      }
      normalizeRow();
      MemorySegment.copy(row, 0, x.data(), Matrix.FLOAT, x.byteOffset(r), columns);
    }
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
