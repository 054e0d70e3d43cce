package io.github.starling.evaluation;

import io.github.starling.attention.Attention;

/**
 * A kind of attention with its settings.
 *
 * @param kind its name, such as improved-clustered
 * @param clusters of the queries of a head, 0 if it has none
 * @param seed of everything random, 0 if nothing is
 * @param attention computes it
 */
public record Variant(String kind, int clusters, long seed, Attention attention) {
  /** Returns the name of the kind with its clusters, which it shares with those of other seeds. */
  public String group() {
    return group(kind, clusters);
  }

  static String group(String kind, int clusters) {
    return clusters == 0 ? kind : "%s, %d clusters".formatted(kind, clusters);
  }
}
