package io.github.starling.bench;

import java.util.Collections;
import java.util.List;

/** Summaries of repeated measurements. */
final class Statistics {
  private Statistics() {}

  static double median(List<Double> values) {
    return quantile(values, 0.5);
  }

  static double largest(List<Double> values) {
    return Collections.max(values);
  }

  /** Returns half the distance of the quartiles, as a part of the median. */
  static double spread(List<Double> values) {
    return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
  }

  private static double quantile(List<Double> values, double share) {
    var sorted = values.stream().sorted().toList();
    double at = share * (sorted.size() - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }
}
