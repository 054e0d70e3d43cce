package io.github.starling.kernel;

import java.util.Arrays;

/**
 * How important a key must be for the exact keys of some heads to cost no more than they may
 * together.
 *
 * <p>Heads whose centroids stand badly for their members have the most important keys, and so get
 * more of the budget than others. Every head is added twice: after {@link ImportantKeys#count},
 * which {@link #boundary} ends, and after {@link ImportantKeys#list}, which {@link #edge} ends;
 * then it is granted its part, in the same order.
 */
public final class KeyBudget {
  private final long[] sums = new long[ImportantKeys.BINS];
  private long left;
  private int boundary;
  private int edge;

  /** Makes one of nothing. */
  public KeyBudget() {}

  /**
   * Begins.
   *
   * @param budget the most that all exact keys may cost together
   */
  public void begin(long budget) {
    left = budget;
  }

  /** Adds what the keys of a head cost. */
  public void add(ImportantKeys keys) {
    long[] costs = keys.costsOfBins();
    for (int b = 0; b < sums.length; b++) {
      sums[b] += costs[b];
    }
  }

  /** Returns the bin of {@link ImportantKeys#count} in which the budget ends, 0 if it does not. */
  public int boundary() {
    boundary = lastBin();
    return boundary;
  }

  /** Finds the bin of {@link ImportantKeys#list} in which the budget ends. */
  public void edge() {
    edge = lastBin();
  }

  /** Grants a head its part; what is left at the edge goes to the first. */
  public void grant(ImportantKeys keys) {
    keys.grant(boundary, edge, left);
    left -= keys.costsOfBins()[edge];
  }

  /**
   * Does all of it for a head alone, whose keys have been counted.
   *
   * @param budget the most that its exact keys may cost together
   */
  public void grantAlone(ImportantKeys keys, CentroidScores scores, KeyTable table, long budget) {
    begin(budget);
    add(keys);
    keys.list(scores, table, boundary());
    add(keys);
    edge();
    grant(keys);
  }

  private int lastBin() {
    int bin = sums.length - 1;
    while (bin > 0 && sums[bin] <= left) {
      left -= sums[bin--];
    }
    Arrays.fill(sums, 0);
    return bin;
  }
}
