package io.github.starling.evaluation;

import io.github.starling.attention.Head;
import java.util.Arrays;

/**
 * Where the exact attention weights of one head go, as a mean over queries.
 *
 * <p>Some heads resist clustering, and the shape of their weights tells why: a head that attends to
 * a neighbour gives every query of a cluster other keys, a head that attends to one separator gives
 * all queries the same. Weights are softmax(τ q Kᵀ) in double precision, O(n·m·dk) for a head.
 */
public final class HeadShape {
  /** Relative offsets up to here are looked at. */
  public static final int NEAREST = 3;

  /** Keys that improved clustered attention usually has (arXiv:2007.04825 §4). */
  public static final int TOP_KEYS = 32;

  private final double[] offsets = new double[2 * NEAREST + 1];
  private double entropy;
  private double first;
  private double separator;
  private double top;
  private long queries;

  /** Starts without queries. */
  public HeadShape() {}

  /**
   * Adds a sequence.
   *
   * @param head queries and keys: (n, dk), (m, dk), m ≥ 1; the values do not matter
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @param separators positions of keys to sum the weights of, each once
   * @throws IllegalArgumentException if there is no key
   * @throws IndexOutOfBoundsException if there is no such position
   */
  public void add(Head head, double scale, int... separators) {
    if (head.key().rows() == 0) {
      throw new IllegalArgumentException("without keys there are no weights");
    }
    float[][] q = head.query().toArray();
    float[][] k = head.key().toArray();
    for (int i = 0; i < q.length; i++) {
      double[] weights = weights(q[i], k, scale);
      entropy += entropy(weights);
      for (int offset = -NEAREST; offset <= NEAREST; offset++) {
        int t = i + offset;
        offsets[offset + NEAREST] += t >= 0 && t < weights.length ? weights[t] : 0;
      }
      first += weights[0];
      for (int t : separators) {
        separator += weights[t];
      }
      Arrays.sort(weights);
      int from = Math.max(0, weights.length - TOP_KEYS);
      top += Arrays.stream(weights, from, weights.length).sum();
      queries++;
    }
  }

  private static double[] weights(float[] query, float[][] keys, double scale) {
    var weights = new double[keys.length];
    double max = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < keys.length; t++) {
      double dot = 0;
      for (int d = 0; d < query.length; d++) {
        dot += (double) query[d] * keys[t][d];
      }
      weights[t] = dot * scale;
      max = Math.max(max, weights[t]);
    }
    double sum = 0;
    for (int t = 0; t < weights.length; t++) {
      weights[t] = Math.exp(weights[t] - max);
      sum += weights[t];
    }
    for (int t = 0; t < weights.length; t++) {
      weights[t] /= sum;
    }
    return weights;
  }

  /** A single key leaves no choice: 0. */
  private static double entropy(double[] weights) {
    double entropy = 0;
    for (double weight : weights) {
      entropy -= weight > 0 ? weight * Math.log(weight) : 0;
    }
    return weights.length == 1 ? 0 : entropy / Math.log(weights.length);
  }

  /** Returns the entropy of the weights by ln m: 0 for a single key, 1 for all keys alike. */
  public double entropy() {
    return entropy / queries;
  }

  /**
   * Returns the relative offset t − i of key t and query i, from −3 to 3, that has the most weight;
   * the lowest of equals.
   */
  public int offset() {
    int best = 0;
    for (int o = 1; o < offsets.length; o++) {
      best = offsets[o] > offsets[best] ? o : best;
    }
    return best - NEAREST;
  }

  /**
   * Returns the share of weight that {@link #offset} has; a query at the edge, without such a key,
   * counts as 0.
   */
  public double offsetShare() {
    return offsets[offset() + NEAREST] / queries;
  }

  /** Returns the share of weight on the first key, which is [CLS]. */
  public double firstShare() {
    return first / queries;
  }

  /** Returns the share of weight on the separators. */
  public double separatorShare() {
    return separator / queries;
  }

  /** Returns the share of weight on the {@value #TOP_KEYS} keys with the most, query by query. */
  public double topShare() {
    return top / queries;
  }
}
