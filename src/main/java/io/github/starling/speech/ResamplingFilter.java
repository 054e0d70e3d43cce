package io.github.starling.speech;

/**
 * The low-pass filter of a change of rate, as one row of weights for each place between two
 * samples.
 *
 * <p>A sinc under a Kaiser window (J. F. Kaiser, "Nonrecursive digital filter design using the
 * I₀-sinh window function", 1974), of linear phase and without delay. With {@code s} half the lower
 * of the two rates: frequencies to 0.9 s pass, those above s are attenuated by 90 dB.
 */
final class ResamplingFilter {
  /** Where the pass band ends, of the frequency where the stop band begins. */
  private static final double PASS = 0.9;

  private static final double ATTENUATION_DB = 90;

  // Kaiser's formulas for the shape of the window and, below, for its length
  private static final double BETA = 0.1102 * (ATTENUATION_DB - 8.7);

  /**
   * With more places than this, rows are interpolated linearly. That errs by at most (π / 640)² /
   * 8, 110 dB below the signal; the usual rates need no more than 640 (11,025 Hz).
   */
  private static final int MOST_ROWS = 640;

  private final int up;
  private final int rows;
  private final int half;
  private final float[] weights;

  /**
   * Designs the filter.
   *
   * @param rate of the input, a second
   * @param newRate of the output, a second
   * @param up places between two input samples at which an output sample may be
   */
  ResamplingFilter(int rate, int newRate, int up) {
    this.up = up;
    rows = Math.min(up, MOST_ROWS);
    double stop = Math.min(rate, newRate) / 2.0 / rate;
    double transition = 2 * Math.PI * (1 - PASS) * stop;
    half = (int) Math.ceil((ATTENUATION_DB - 7.95) / (2.285 * transition) / 2);
    weights = new float[(rows + 1) * taps()];
    var row = new double[taps()];
    for (int r = 0; r <= rows; r++) {
      fill(row, (double) r / rows, (1 + PASS) / 2 * stop);
      for (int k = 0; k < row.length; k++) {
        weights[r * row.length + k] = (float) row[k];
      }
    }
  }

  /** Weights of a place, whose sum is 1, so that a constant stays what it is. */
  private void fill(double[] row, double place, double cutoff) {
    double sum = 0;
    for (int k = 0; k < row.length; k++) {
      double t = k - half + 1 - place;
      double x = t / half;
      row[k] = sinc(2 * cutoff * t) * bessel(BETA * Math.sqrt(Math.max(0, 1 - x * x)));
      sum += row[k];
    }
    for (int k = 0; k < row.length; k++) {
      row[k] /= sum;
    }
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }

  /** The modified Bessel function I₀ by its power series. */
  private static double bessel(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; k++) {
      term *= x * x / (4.0 * k * k);
      sum += term;
    }
    return sum;
  }

  /** Returns how many samples on each side of its place an output sample is made of. */
  int half() {
    return half;
  }

  /** Returns how many samples an output sample is made of. */
  int taps() {
    return 2 * half;
  }

  /**
   * Returns an output sample.
   *
   * @param samples the input
   * @param from the first of its {@link #taps()} samples; its place is after sample {@code half -
   *     1} of them, counted from 0
   * @param place how far after, 0 to {@code up - 1}, in parts of {@code up}
   */
  float apply(float[] samples, int from, int place) {
    long at = (long) place * rows;
    int row = (int) (at / up);
    float first = dot(samples, from, row);
    float share = (float) (at % up) / up;
    return share == 0 ? first : first + share * (dot(samples, from, row + 1) - first);
  }

  private float dot(float[] samples, int from, int row) {
    int taps = taps();
    int at = row * taps;
    // Four sums hide the latency of the additions; the number of taps is even.
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int k = 0;
    for (; k + 4 <= taps; k += 4) {
      a = Math.fma(samples[from + k], weights[at + k], a);
      b = Math.fma(samples[from + k + 1], weights[at + k + 1], b);
      c = Math.fma(samples[from + k + 2], weights[at + k + 2], c);
      d = Math.fma(samples[from + k + 3], weights[at + k + 3], d);
    }
    if (k < taps) {
      a = Math.fma(samples[from + k], weights[at + k], a);
      b = Math.fma(samples[from + k + 1], weights[at + k + 1], b);
    }
    return (a + b) + (c + d);
  }
}
