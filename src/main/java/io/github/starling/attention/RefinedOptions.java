package io.github.starling.attention;

/**
 * Settings of refined clustered attention.
 *
 * @param clusters C, ≥ 1
 * @param exactKeys b, keys that a query scores by itself, on average over the heads of a sequence,
 *     ≥ 1
 * @param window w: keys at most w / 2 positions away are exact too, where queries and keys have the
 *     same positions; −1 for none
 */
public record RefinedOptions(int clusters, int exactKeys, int window) {
  private static final int FEWEST_USUAL_CLUSTERS = 12;

  /** Memory is clusters × keys floats a head. */
  private static final int MOST_USUAL_CLUSTERS = 160;

  /** Most usual exact keys a query. */
  private static final int MOST_USUAL_KEYS = 384;

  /** Each query scores its window by itself, one key after another. */
  private static final int MOST_WINDOW = 1 << 16;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public RefinedOptions {
    if (clusters < 1) {
      throw new IllegalArgumentException("there must be at least 1 cluster, not " + clusters);
    }
    if (exactKeys < 1) {
      throw new IllegalArgumentException("there must be at least 1 exact key, not " + exactKeys);
    }
    if (window < -1 || window > MOST_WINDOW) {
      throw new IllegalArgumentException(
          "a window is 0 to %d, or -1 for none, not %d".formatted(MOST_WINDOW, window));
    }
  }

  /**
   * Returns the settings that were nearest to exact for their time on real queries, keys and
   * values: C = 3/16 · n^(2/3) from 12 to 160, b = 80 + n / 64 up to 384, w = 8.
   *
   * @param n queries of a head
   */
  public static RefinedOptions usual(int n) {
    long clusters = Math.round(3 * Math.pow(n, 2 / 3.0) / 16);
    return new RefinedOptions(
        Math.clamp(clusters, FEWEST_USUAL_CLUSTERS, MOST_USUAL_CLUSTERS),
        Math.min(80 + n / 64, MOST_USUAL_KEYS),
        8);
  }

  /**
   * Returns the settings for queries and keys that turn with their positions, as {@code
   * kernel.RotaryPositions} turns them: those of {@link #usual} with w = 16, since there most of
   * what a query attends to is near.
   *
   * @param n queries of a head
   */
  public static RefinedOptions usualRotary(int n) {
    var usual = usual(n);
    return new RefinedOptions(usual.clusters, usual.exactKeys, 16);
  }
}
