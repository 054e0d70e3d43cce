package io.github.starling.evaluation;

/**
 * What one kind of attention, with one seed, made of a task.
 *
 * @param kind its name, such as improved-clustered
 * @param clusters of the queries of a head, 0 if it has none
 * @param seed of everything random
 * @param scores what the task noted of each item, shape (columns, items)
 */
public record Outcome(String kind, int clusters, long seed, float[][] scores) {
  /** Returns the name of the kind with its clusters, which it shares with those of other seeds. */
  String group() {
    return Variant.group(kind, clusters);
  }
}
