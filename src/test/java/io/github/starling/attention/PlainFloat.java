package io.github.starling.attention;

/** The formulas in plain float32, one loop each: the yardstick for rounding errors. */
final class PlainFloat {
  private PlainFloat() {}

  /** Returns τ·QKᵀ, shape (n, m). */
  static float[][] scores(float[][] q, float[][] k, float scale) {
    var scores = new float[q.length][k.length];
    for (int i = 0; i < q.length; i++) {
      for (int t = 0; t < k.length; t++) {
        float sum = 0;
        for (int d = 0; d < q[i].length; d++) {
          sum += q[i][d] * k[t][d];
        }
        scores[i][t] = sum * scale;
      }
    }
    return scores;
  }

  /** Replaces a row of scores by its softmax. */
  static void softmax(float[] row) {
    float max = Float.NEGATIVE_INFINITY;
    for (float x : row) {
      max = Math.max(max, x);
    }
    float sum = 0;
    for (int t = 0; t < row.length; t++) {
      row[t] = (float) Math.exp(row[t] - max);
      sum += row[t];
    }
    for (int t = 0; t < row.length; t++) {
      row[t] /= sum;
    }
  }

  /** Returns weights · values, shape (n, dv). */
  static float[][] times(float[][] weights, float[][] values, int dv) {
    var out = new float[weights.length][dv];
    for (int i = 0; i < weights.length; i++) {
      for (int t = 0; t < values.length; t++) {
        for (int d = 0; d < dv; d++) {
          out[i][d] += weights[i][t] * values[t][d];
        }
      }
    }
    return out;
  }

  /** Returns full attention, shape (n, dv). */
  static float[][] full(float[][] q, float[][] k, float[][] v, double scale) {
    var weights = scores(q, k, (float) scale);
    for (var row : weights) {
      softmax(row);
    }
    return times(weights, v, v.length == 0 ? 0 : v[0].length);
  }
}
