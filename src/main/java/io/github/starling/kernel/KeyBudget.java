package io.github.starling.kernel;

import java.util.Arrays;

/**
 * How important a key must be for the exact keys of some heads to cost no more than they may
 * together.
 *
 * <pre>
 * rank  of a key among several heads: its importance ÷ √(that at which a budget of its head's own
 *       would end), in bins of {@link ImportantKeys#count}
 * </pre>
 *
 * <p>Heads whose centroids stand badly for their members have the most important keys, and so get
 * more of the budget than others; but importance tells keys of one head apart better than heads, so
 * half of what a head is above the others, in bins, which are logarithms, is taken off.
 *
 * <p>Every head is added twice: after {@link ImportantKeys#count}, which {@link #boundary} ends,
 * and after {@link ImportantKeys#list}, which {@link #edge} ends; then it is granted its part, in
 * the same order.
 */
public final class KeyBudget {
  private static final int BINS = ImportantKeys.BINS;

  private final long[] sums = new long[BINS + BINS / 2];
  private long left;
  private int boundary;
  private int edge;

  /** Makes one of nothing. */
  public KeyBudget() {}

  /** Begins with no head and nothing to spend. */
  public void begin() {
    left = 0;
  }

  /**
   * Adds what the counted keys of a head cost.
   *
   * @param own what the head brings, the most that its exact keys might cost by themselves
   */
  public void addCounted(ImportantKeys keys, long own) {
    int rise = (BINS - 1 - end(keys.costsOfBins(), own)) / 2;
    keys.raise(rise);
    add(keys, rise);
    left += own;
  }

  /** Adds what the listed keys of a head cost. */
  public void addListed(ImportantKeys keys) {
    add(keys, 0);
  }

  private void add(ImportantKeys keys, int rise) {
    long[] costs = keys.costsOfBins();
    for (int b = 0; b < costs.length; b++) {
      sums[b + rise] += costs[b];
    }
  }

  /** Returns the rank at which the budget ends, 0 if it does not. */
  public int boundary() {
    boundary = end();
    return boundary;
  }

  /** Finds the bin of {@link ImportantKeys#list} in which the budget ends. */
  public void edge() {
    edge = end();
  }

  /** Grants a head its part; what is left at the edge goes to the first. */
  public void grant(ImportantKeys keys) {
    keys.grant(boundary, edge, left);
    left -= keys.costsOfBins()[edge];
  }

  /** Takes off what is left all that fits on whole, and forgets what was added. */
  private int end() {
    int end = end(sums, left);
    for (int b = end + 1; b < sums.length; b++) {
      left -= sums[b];
    }
    Arrays.fill(sums, 0);
    return end;
  }

  /** Returns the highest bin that does not fit on whole with those above it, or 0. */
  private static int end(long[] costs, long budget) {
    long rest = budget;
    int end = costs.length - 1;
    while (end > 0 && costs[end] <= rest) {
      rest -= costs[end--];
    }
    return end;
  }
}
