package io.github.starling.reference;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Full attention with shared queries and keys: what the Reformer approximates.
 *
 * <p>Kitaev, Kaiser, Levskaya, "Reformer", arXiv:2001.04451 §2: Kₜ = qₜ / ‖qₜ‖₂, and a query weighs
 * its own position only if there is no other. Cost O(n²·max(dk, dv)).
 */
public final class SharedQkAttention {
  private SharedQkAttention() {}

  /**
   * Attends to the other queries.
   *
   * <p>A query that holds a NaN or an infinity has no direction: it is no key, and its own row is
   * NaN.
   *
   * @param head queries and values, (n, dk) and (n, dv); the n keys are not read
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   * @throws IllegalArgumentException if queries and keys differ in number
   */
  public static double[][] attend(Head head, double scale) {
    Head shared = withUnitKeys(head);
    int[] keys = finite(head.queries());
    var output = new double[head.queries().length][];
    for (int i = 0; i < output.length; i++) {
      int query = i;
      output[i] = attend(shared, i, Arrays.stream(keys).filter(t -> t != query).toArray(), scale);
    }
    return output;
  }

  /** Attends from one query to some keys, to its own if there are none; NaN if it is not finite. */
  static double[] attend(Head shared, int query, int[] others, double scale) {
    if (!Clustering.isFinite(shared.queries()[query])) {
      var spoilt = new double[shared.valueWidth()];
      Arrays.fill(spoilt, Double.NaN);
      return spoilt;
    }
    int[] seen = others.length == 0 ? new int[] {query} : others;
    return FullAttention.attend(shared.of(query, seen), scale)[0];
  }

  /** Returns the positions of the queries that hold neither NaN nor infinity, rising. */
  static int[] finite(double[][] queries) {
    return IntStream.range(0, queries.length)
        .filter(i -> Clustering.isFinite(queries[i]))
        .toArray();
  }

  /** Puts qₜ / ‖qₜ‖₂ in the place of Kₜ; a query of zeros gives a key of zeros. */
  static Head withUnitKeys(Head head) {
    head.requireSelf();
    var keys = new double[head.queries().length][];
    for (int t = 0; t < keys.length; t++) {
      double[] query = head.queries()[t];
      double norm = Math.sqrt(Arrays.stream(query).map(x -> x * x).sum());
      keys[t] = Arrays.stream(query).map(x -> norm == 0 ? 0 : x / norm).toArray();
    }
    return new Head(head.queries(), keys, head.values(), head.valueWidth());
  }
}
