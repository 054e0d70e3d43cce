package io.github.starling.reference;

import java.util.Arrays;

/**
 * Ranks positions by their score, highest first.
 *
 * <p>Equal scores go to the lowest position first (0.0 and −0.0 are equal), and a NaN comes after
 * every number.
 */
public final class Ranking {
  private Ranking() {}

  /**
   * Returns the positions of the highest scores, sorted by falling score. Cost O(m·log m).
   *
   * @param scores shape (m)
   * @param k how many positions; all of them if k ≥ m
   * @return shape (min(k, m))
   * @throws IllegalArgumentException if k is below 1
   */
  public static int[] highest(double[] scores, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("the top k keys need a k of at least 1, not " + k);
    }
    var positions = new Integer[scores.length];
    Arrays.setAll(positions, t -> t);
    // the sort is stable, so positions of equal scores keep their order
    Arrays.sort(positions, (t, u) -> fallingNanLast(scores[t], scores[u]));

    var highest = new int[Math.min(k, scores.length)];
    Arrays.setAll(highest, r -> positions[r]);
    return highest;
  }

  /** {@link Double#compare} would tell 0.0 from −0.0 and put a NaN first. */
  private static int fallingNanLast(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }
    return a > b ? -1 : a < b ? 1 : 0;
  }
}
