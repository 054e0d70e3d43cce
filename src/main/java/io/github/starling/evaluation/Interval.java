package io.github.starling.evaluation;

/**
 * The range in which a number probably is.
 *
 * @param low lower end, ≤ high
 * @param high upper end
 */
public record Interval(double low, double high) {
  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if low is above high, or either is NaN
   */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("no interval goes from " + low + " to " + high);
    }
  }

  /** Tells whether zero is in the range, ends included. */
  public boolean coversZero() {
    return low <= 0 && high >= 0;
  }

  /** Returns the distance between the ends. */
  public double width() {
    return high - low;
  }
}
