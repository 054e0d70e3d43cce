package io.github.starling.evaluation;

import java.util.Arrays;
import java.util.Objects;

/**
 * How high the right passage of each query is among all passages in the order of their scores.
 *
 * @param ranks of the right passage of each query, from 1
 */
public record RankedRetrieval(int[] ranks) {
  /**
   * Ranks the passages.
   *
   * <p>Ties are the worst case: the right passage comes after all with the same score, lest equal
   * scores for everything look like success. A score that is NaN is a tie with all.
   *
   * @param scores likeness of each query and passage, shape (queries, passages)
   * @param right index of the right passage of each query
   * @throws IllegalArgumentException if there are more or fewer queries than right passages
   * @throws IndexOutOfBoundsException if there is no such passage
   */
  public static RankedRetrieval of(float[][] scores, int[] right) {
    if (scores.length != right.length) {
      throw new IllegalArgumentException(
          "there are %d queries but %d right passages".formatted(scores.length, right.length));
    }
    var ranks = new int[right.length];
    for (int q = 0; q < ranks.length; q++) {
      float score = scores[q][Objects.checkIndex(right[q], scores[q].length)];
      for (float other : scores[q]) {
        ranks[q] += other < score ? 0 : 1;
      }
    }
    return new RankedRetrieval(ranks);
  }

  /**
   * Returns the share of queries whose right passage is among the first.
   *
   * @param k how many are first
   * @param sample indices of queries, at least one, some perhaps more than once
   * @throws IndexOutOfBoundsException if there is no such query
   */
  public double recall(int k, int[] sample) {
    return Arrays.stream(sample).filter(q -> ranks[q] <= k).count() / (double) sample.length;
  }

  /**
   * Returns the mean of 1/rank.
   *
   * @param sample indices of queries, at least one, some perhaps more than once
   * @throws IndexOutOfBoundsException if there is no such query
   */
  public double meanReciprocalRank(int[] sample) {
    double sum = 0;
    for (int q : sample) {
      sum += 1.0 / ranks[q];
    }
    return sum / sample.length;
  }
}
