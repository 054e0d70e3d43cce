package io.github.starling.reference;

import java.util.SplittableRandom;

/** Normal float32 numbers from a seed, as the rows of a head. */
final class RandomHead {
  private RandomHead() {}

  /** A head whose values are as wide as its keys. */
  static Head of(long seed, int n, int m, int dk) {
    var random = new SplittableRandom(seed);
    return new Head(rows(random, n, dk), rows(random, m, dk), rows(random, m, dk), dk);
  }

  /** A head with as many keys as queries, whose values are the identity: outputs are weights. */
  static Head weighing(long seed, int n, int dk) {
    var head = of(seed, n, n, dk);
    var identity = new double[n][n];
    for (int t = 0; t < n; t++) {
      identity[t][t] = 1;
    }
    return new Head(head.queries(), head.keys(), identity, n);
  }

  /** Rows of N(0, 1), each rounded to float32. */
  static double[][] rows(SplittableRandom random, int count, int width) {
    var rows = new double[count][width];
    for (double[] row : rows) {
      for (int j = 0; j < width; j++) {
        row[j] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  /** Puts each of n queries in any of c clusters; some may stay empty. */
  static Clustering clustering(long seed, int n, int c) {
    return new Clustering(new SplittableRandom(seed).ints(n, 0, c).toArray(), new long[c]);
  }

  /** Puts each of n queries in a cluster of its own. */
  static Clustering singletons(int n) {
    var assignment = new int[n];
    for (int i = 0; i < n; i++) {
      assignment[i] = n - 1 - i;
    }
    return new Clustering(assignment, new long[n]);
  }
}
