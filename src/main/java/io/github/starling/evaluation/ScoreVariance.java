package io.github.starling.evaluation;

import io.github.starling.attention.Head;

/**
 * Where the scores of queries vary from key to key: in which channels, and with the offset of the
 * key alone or not.
 *
 * <p>The scores of query i are s = q·k over all keys, a = q·k in the first channels and b = s − a
 * in the others, each with a variance over the keys. The offset's part is what a function of t − i
 * and nothing else explains best: the variance of the mean of s, less that of its query, over all
 * pairs of one offset. Double precision, O(n·m·dk).
 */
final class ScoreVariance {
  /** Queries of a head that are looked at, spread evenly, if it has as many. */
  private static final int QUERIES = 512;

  private double first;
  private double others;
  private double all;
  private double offset;

  /**
   * Adds a head.
   *
   * @param head queries and keys of the same positions, shapes (n, dk)
   * @param channels at the front of each
   */
  void add(Head head, int channels) {
    float[][] q = head.query().toArray();
    float[][] k = head.key().toArray();
    int n = k.length;
    var sums = new double[2 * n];
    var counts = new int[2 * n];
    var a = new double[n];
    var b = new double[n];
    int stride = Math.ceilDiv(n, QUERIES);
    for (int i = 0; i < n; i += stride) {
      for (int t = 0; t < n; t++) {
        a[t] = dot(q[i], k[t], 0, channels);
        b[t] = dot(q[i], k[t], channels, q[i].length);
      }
      first += center(a);
      others += center(b);
      for (int t = 0; t < n; t++) {
        double s = a[t] + b[t];
        all += s * s;
        sums[t - i + n] += s;
        counts[t - i + n]++;
      }
    }
    for (int o = 0; o < sums.length; o++) {
      offset += counts[o] == 0 ? 0 : sums[o] * sums[o] / counts[o];
    }
  }

  /** Adds what another has seen. */
  void add(ScoreVariance other) {
    first += other.first;
    others += other.others;
    all += other.all;
    offset += other.offset;
  }

  /** Returns the part of the variances of a and b that is of a; 0 if neither varies. */
  double channelShare() {
    return first + others == 0 ? 0 : first / (first + others);
  }

  /** Returns the part of the variance of s that the offset explains; 0 if nothing varies. */
  double offsetShare() {
    return all == 0 ? 0 : offset / all;
  }

  private static double dot(float[] q, float[] k, int from, int to) {
    double sum = 0;
    for (int d = from; d < to; d++) {
      sum += (double) q[d] * k[d];
    }
    return sum;
  }

  /** Takes the mean off and returns the sum of the squares that are left. */
  private static double center(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (int t = 0; t < values.length; t++) {
      values[t] -= mean;
      squares += values[t] * values[t];
    }
    return squares;
  }
}
