package io.github.starling.evaluation;

import java.util.List;

/**
 * What all seeds of one kind of attention made of a task.
 *
 * @param kind its name, such as improved-clustered
 * @param clusters of the queries of a head, 0 if it has none
 * @param seeds how many there were
 * @param values for each measure of the task
 * @param study of the attention itself, null for exact attention and where it has not been measured
 * @param divergence of the probabilities of answers from those with exact attention, in nats; NaN
 *     where it has not been measured
 */
public record Summary(
    String kind,
    int clusters,
    int seeds,
    List<Value> values,
    AttentionStudy.Result study,
    double divergence) {
  /**
   * A measure.
   *
   * @param measure its name
   * @param mean over the seeds
   * @param spread standard deviation over the seeds, 0 for one
   * @param difference of the mean to exact attention, above 0 where the number is higher
   * @param interval in which the difference is with 95 % confidence, by resampling the items
   */
  public record Value(
      String measure, double mean, double spread, double difference, Interval interval) {}
}
