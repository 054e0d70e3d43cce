package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;

/**
 * The keys of a head less their mean, its values, and how far each is from the usual.
 *
 * <p>Exact softmax does not notice a vector that is added to every key. What a centroid stands for
 * does: with centred keys no score of the remainder has a part that is common to all keys and
 * differs between a query and its centroid.
 */
public final class KeyTable {
  private final RowTable keys;
  private final RowTable values;
  private final float[] keyMean;
  private final float[] valueMean;
  private float[] norms = {};
  private float[] spreads = {};
  private int rows;
  private float largestNorm;

  /** Makes an empty table for keys of dk and values of dv columns. */
  public KeyTable(int dk, int dv) {
    keys = new RowTable(dk, Panels.padDepth(dk));
    values = new RowTable(dv, MicroKernel.padColumns(dv));
    keyMean = new float[keys.stride()];
    valueMean = new float[values.stride()];
  }

  /**
   * Copies the keys and values of a head.
   *
   * @param k shape (m, dk)
   * @param v shape (m, dv)
   * @param isCentred whether to subtract the mean of the keys
   */
  public void load(Matrix k, Matrix v, boolean isCentred) {
    rows = k.rows();
    keys.load(k, keyMean);
    values.load(v, valueMean);
    int padded = Panels.padDepth(rows);
    if (spreads.length < padded) {
      spreads = new float[padded];
      norms = new float[padded];
    }
    if (!isCentred) {
      Arrays.fill(keyMean, 0f);
    }
    keys.center(rows, keyMean, norms);
    values.distances(rows, valueMean, spreads);
    largestNorm = 0;
    for (int t = 0; t < rows; t++) {
      largestNorm = Math.max(largestNorm, norms[t]); // Math.max keeps a NaN
      spreads[t] *= norms[t];
    }
    Lanes.fillTail(spreads, 0, rows, 0f);
  }

  /** Makes all keys equally far from the usual: what a centroid gives to them decides alone. */
  public void levelSpreads() {
    Arrays.fill(spreads, 0, rows, 1f);
  }

  /** Returns m. */
  public int rows() {
    return rows;
  }

  RowTable keys() {
    return keys;
  }

  RowTable values() {
    return values;
  }

  /** Returns ‖kₜ‖ · ‖vₜ − v̄‖ of each key, zeros behind them up to whole vectors. */
  float[] spreads() {
    return spreads;
  }

  /** Returns the largest ‖kₜ‖, NaN or ∞ if a key is not finite. */
  float largestNorm() {
    return largestNorm;
  }
}
