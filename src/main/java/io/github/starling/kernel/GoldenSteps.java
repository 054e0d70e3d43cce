package io.github.starling.kernel;

/**
 * Positions spread over a sequence by golden-ratio steps.
 *
 * <p>Evenly spaced ones would all look alike where the text repeats itself; no period can hide from
 * these.
 */
public final class GoldenSteps {
  private static final double RATIO = 0.6180339887498949;

  private GoldenSteps() {}

  /**
   * Fills in ⌊n · frac((j + ½) · 0.618…)⌋ for each j; two may be equal where there are nearly n.
   *
   * @param positions as many as are wanted, at most n; with n of them all, in their order
   */
  public static void fill(int[] positions, int count, int n) {
    for (int j = 0; j < count; j++) {
      double step = (j + 0.5) * RATIO;
      positions[j] = count == n ? j : (int) (n * (step - Math.floor(step)));
    }
  }
}
