package io.github.starling.attention;

/**
 * The relative error √(Σ‖O′ᵢ − Oᵢ‖² / Σ‖Oᵢ‖²) of an output O′, estimated from a sample of its rows.
 *
 * <p>The ratio estimator of W. Cochran, "Sampling Techniques", 3rd ed., §6.4 and §6.11: both sums
 * are estimated without bias, their ratio with one of order 1/r. Parts that are sampled
 * independently of each other add up.
 *
 * @param difference estimate of Σ‖O′ᵢ − Oᵢ‖² over all rows
 * @param norm estimate of Σ‖Oᵢ‖² over all rows
 * @param differenceVariance variance of {@code difference}; not a number if one row is all there is
 * @param covariance of the two
 * @param normVariance variance of {@code norm}
 */
public record ErrorEstimate(
    double difference,
    double norm,
    double differenceVariance,
    double covariance,
    double normVariance) {
  /** Of no rows. */
  public static final ErrorEstimate NONE = new ErrorEstimate(0, 0, 0, 0, 0);

  /**
   * Estimates from a sample.
   *
   * @param differences ‖O′ᵢ − Oᵢ‖² of the sampled rows, r from {@code from} on
   * @param norms ‖Oᵢ‖² of the same
   * @param r rows of the sample, ≥ 1
   * @param n rows of which they are a sample, ≥ r
   */
  static ErrorEstimate of(double[] differences, double[] norms, int from, int r, int n) {
    double x = 0;
    double y = 0;
    for (int i = from; i < from + r; i++) {
      x += differences[i];
      y += norms[i];
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = from; i < from + r; i++) {
      double dx = differences[i] - x / r;
      double dy = norms[i] - y / r;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    double each = (double) n / r;
    // n² (1 − r/n) s² / r, without a sample where all are known
    double factor = n == r ? 0 : each * (n - r) / (r - 1);
    return new ErrorEstimate(each * x, each * y, factor * xx, factor * xy, factor * yy);
  }

  /** Returns the estimate of these rows and others. */
  public ErrorEstimate and(ErrorEstimate other) {
    return new ErrorEstimate(
        difference + other.difference,
        norm + other.norm,
        differenceVariance + other.differenceVariance,
        covariance + other.covariance,
        normVariance + other.normVariance);
  }

  /** Returns the relative error: 0 if nothing differs, +∞ if only O is zero. */
  public double error() {
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }

  /**
   * Returns the standard error of {@link #error}, by the delta method: 0 if nothing differs or
   * every row is known, not a number if it cannot be told.
   */
  public double standardError() {
    if (difference == 0) {
      return 0;
    }
    double ratio = difference / norm;
    double variance = differenceVariance - 2 * ratio * covariance + ratio * ratio * normVariance;
    return Math.sqrt(Math.max(0, variance)) / (2 * Math.sqrt(ratio) * norm);
  }
}
