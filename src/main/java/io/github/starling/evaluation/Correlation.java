package io.github.starling.evaluation;

import java.util.Arrays;

/**
 * How closely two scores of the same items go together.
 *
 * <p>Both coefficients are from −1 to 1, and NaN if either score is constant or holds a NaN.
 *
 * @param x a score of each item
 * @param y another score of each item
 */
public record Correlation(double[] x, double[] y) {
  /**
   * Checks that each item has both scores.
   *
   * @throws IllegalArgumentException if not
   */
  public Correlation {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "there are %d scores x but %d scores y".formatted(x.length, y.length));
    }
  }

  /**
   * Returns Pearson's coefficient: the covariance by the product of the deviations.
   *
   * @param sample indices of items, some perhaps more than once
   * @throws IndexOutOfBoundsException if there is no such item
   */
  public double pearson(int[] sample) {
    return pearson(gather(x, sample), gather(y, sample));
  }

  /**
   * Returns Spearman's coefficient: Pearson's of the ranks, equal scores sharing their mean rank.
   *
   * @param sample indices of items, some perhaps more than once
   * @throws IndexOutOfBoundsException if there is no such item
   */
  public double spearman(int[] sample) {
    return pearson(ranks(gather(x, sample)), ranks(gather(y, sample)));
  }

  private static double[] gather(double[] scores, int[] sample) {
    // adding 0 makes −0 equal to 0, which the sort would tell apart
    return Arrays.stream(sample).mapToDouble(i -> scores[i] + 0.0).toArray();
  }

  private static double pearson(double[] x, double[] y) {
    center(x);
    center(y);
    double dot = 0;
    double squareX = 0;
    double squareY = 0;
    for (int i = 0; i < x.length; i++) {
      dot += x[i] * y[i];
      squareX += x[i] * x[i];
      squareY += y[i] * y[i];
    }
    return Math.clamp(dot / (Math.sqrt(squareX) * Math.sqrt(squareY)), -1, 1);
  }

  /** Takes the first score away before the mean: a constant becomes exactly 0. */
  private static void center(double[] scores) {
    if (scores.length == 0) {
      return;
    }
    double first = scores[0];
    Arrays.setAll(scores, i -> scores[i] - first);
    double mean = Arrays.stream(scores).sum() / scores.length;
    Arrays.setAll(scores, i -> scores[i] - mean);
  }

  /** Returns ranks from 0. */
  private static double[] ranks(double[] scores) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    var means = new double[sorted.length];
    int from = 0;
    while (from < sorted.length) {
      int to = from;
      while (to < sorted.length && Double.compare(sorted[to], sorted[from]) == 0) {
        to++;
      }
      Arrays.fill(means, from, to, (from + to - 1) / 2.0);
      from = to;
    }
    var ranks = new double[scores.length];
    Arrays.setAll(
        ranks,
        i -> Double.isNaN(scores[i]) ? Double.NaN : means[Arrays.binarySearch(sorted, scores[i])]);
    return ranks;
  }
}
