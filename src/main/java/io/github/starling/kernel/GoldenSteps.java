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
   * Returns position j of {@code count}, ⌊n · frac((j + ½) · 0.618…)⌋. Two may be equal where there
   * are nearly n; n of them are all positions in their order.
   *
   * @param count how many there are, at most n
   */
  public static int position(int j, int count, int n) {
    double turns = (j + 0.5) * RATIO;
    return count == n ? j : (int) (n * (turns - Math.floor(turns)));
  }
}
