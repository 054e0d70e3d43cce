package io.github.starling.evaluation;

/**
 * Shifts and scales every feature to mean 0 and deviation 1 on the training set.
 *
 * @param mean shape (d)
 * @param deviation shape (d); 1 for a constant feature, which becomes 0
 */
record Standardization(double[] mean, double[] deviation) {
  /**
   * Learns the means and deviations.
   *
   * @param features shape (n, d), n ≥ 1
   */
  static Standardization of(float[][] features) {
    int d = features[0].length;
    var mean = new double[d];
    for (float[] row : features) {
      for (int j = 0; j < d; j++) {
        mean[j] += row[j];
      }
    }
    for (int j = 0; j < d; j++) {
      mean[j] /= features.length;
    }
    var deviation = new double[d];
    for (float[] row : features) {
      for (int j = 0; j < d; j++) {
        deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
      }
    }
    for (int j = 0; j < d; j++) {
      // the mean of equal floats is exact in double precision, so theirs is exactly 0
      deviation[j] = deviation[j] == 0 ? 1 : Math.sqrt(deviation[j] / features.length);
    }
    return new Standardization(mean, deviation);
  }

  /**
   * Standardises one item.
   *
   * @param row shape (d)
   * @return new, shape (d)
   */
  double[] apply(float[] row) {
    var standard = new double[row.length];
    for (int j = 0; j < row.length; j++) {
      standard[j] = (row[j] - mean[j]) / deviation[j];
    }
    return standard;
  }
}
