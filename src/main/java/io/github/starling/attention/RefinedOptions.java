package io.github.starling.attention;

/**
 * Settings of refined clustered attention.
 *
 * @param clusters C, 1 to 65,536
 * @param exactKeys b, keys that a query scores by itself on average, ≥ 1
 * @param window w: keys at most w / 2 positions away are exact too, where queries and keys have the
 *     same positions; −1 for none
 */
public record RefinedOptions(int clusters, int exactKeys, int window) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public RefinedOptions {
    if (exactKeys < 1) {
      throw new IllegalArgumentException("there must be at least 1 exact key, not " + exactKeys);
    }
    if (window < -1) {
      throw new IllegalArgumentException("a window is 0 or more, or -1 for none, not " + window);
    }
  }

  /** The usual settings. */
  public static RefinedOptions usual() {
    return new RefinedOptions(30, 40, 8);
  }
}
