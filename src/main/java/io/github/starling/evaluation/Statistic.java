package io.github.starling.evaluation;

import java.util.stream.IntStream;

/** A number that sums up a sample of items. */
@FunctionalInterface
public interface Statistic {
  /**
   * Sums up a sample.
   *
   * @param sample indices of items, some perhaps more than once; only lent, and changed after
   */
  double of(int[] sample);

  /**
   * Sums up the items themselves, each once.
   *
   * @param items how many there are
   */
  default double ofAll(int items) {
    return of(IntStream.range(0, items).toArray());
  }
}
