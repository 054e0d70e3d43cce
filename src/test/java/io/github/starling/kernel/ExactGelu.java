package io.github.starling.kernel;

/** GELU in double precision, from the textbook series, as the tests' oracle. */
public final class ExactGelu {
  private ExactGelu() {}

  /** Returns x·Φ(x). */
  public static double erf(double x) {
    return x > 0 ? x - x * normalTail(x) : x * normalTail(-x);
  }

  /** Returns ½x(1 + tanh(√(2/π)(x + 0.044715x³))), without cancellation. */
  public static double tanh(double x) {
    return x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  /** Returns Φ(−a) = erfc(a/√2)/2 for a ≥ 0. */
  static double normalTail(double a) {
    double z = a / Math.sqrt(2);
    return z < 2 ? 0.5 - 0.5 * erfSeries(z) : 0.5 * erfcFraction(z);
  }

  /** Abramowitz and Stegun 7.1.5. */
  private static double erfSeries(double z) {
    double term = z;
    double sum = 0;
    for (int n = 0; Math.abs(term) > 1e-20; n++) {
      sum += term / (2 * n + 1);
      term *= -z * z / (n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  /** Abramowitz and Stegun 7.1.14. */
  private static double erfcFraction(double z) {
    double fraction = z;
    for (int n = 300; n > 0; n--) {
      fraction = z + n / 2.0 / fraction;
    }
    return Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction;
  }
}
