package io.github.starling.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * LSH attention of the Reformer: a query weighs those that hash to nearly the same place.
 *
 * <p>Kitaev, Kaiser, Levskaya, arXiv:2001.04451 §2. In each round the queries are sorted by
 * (bucket, position) and cut into chunks of c; Pᵢ are the queries in the chunk of i and in the one
 * before, in any round, i itself only if there is no other. The output is softmax over Pᵢ: the
 * paper's sum over rounds r of exp(z(i, Pᵢʳ) − z(i, Pᵢ)) oᵢʳ, z the log-sum-exp, in which a key
 * that several rounds show counts once. Cost O(n·R·c·max(dk, dv)) and the hashing, O(n·R·h·dk).
 */
public final class ReformerAttention {
  private ReformerAttention() {}

  /**
   * Attends to the queries nearby.
   *
   * <p>A query that holds a NaN or an infinity is left out of the order, and its row is NaN.
   *
   * @param head queries and values, (n, dk) and (n, dv); the n keys are not read
   * @param directions of each round, shape (R, ≥ ⌈n / c⌉, dk); a round uses the first ⌈n / c⌉ for n
   *     finite queries, so that it has twice as many buckets
   * @param chunk c, at least 1
   * @param scale τ, the factor on the scores, usually 1/√dk
   * @return the output, shape (n, dv)
   * @throws IllegalArgumentException if c is below 1, or queries and keys differ in number
   */
  public static double[][] attend(Head head, double[][][] directions, int chunk, double scale) {
    if (chunk < 1) {
      throw new IllegalArgumentException("a chunk needs at least 1 position, not " + chunk);
    }
    Head shared = SharedQkAttention.withUnitKeys(head);
    int n = head.queries().length;
    var isNear = new boolean[n][n];
    for (double[][] round : directions) {
      addNear(isNear, head.queries(), round, chunk);
    }
    var output = new double[n][];
    for (int i = 0; i < n; i++) {
      int query = i;
      int[] others = IntStream.range(0, n).filter(t -> t != query && isNear[query][t]).toArray();
      output[i] = SharedQkAttention.attend(shared, i, others, scale);
    }
    return output;
  }

  /** Marks for each query those in its own chunk of a round and in the one before. */
  private static void addNear(
      boolean[][] isNear, double[][] queries, double[][] directions, int chunk) {
    int[] order = order(queries, directions, chunk);
    for (int p = 0; p < order.length; p++) {
      int first = Math.max(0, (p / chunk - 1) * chunk);
      int end = Math.min(order.length, (p / chunk + 1) * chunk);
      for (int place = first; place < end; place++) {
        isNear[order[p]][order[place]] = true;
      }
    }
  }

  /**
   * Returns the positions of the finite queries by bucket, those of a bucket by position.
   *
   * @param queries shape (n, dk)
   * @param directions shape (≥ ⌈n / chunk⌉, dk)
   * @param chunk at least 1
   * @return shape (at most n)
   */
  public static int[] order(double[][] queries, double[][] directions, int chunk) {
    int[] finite = SharedQkAttention.finite(queries);
    double[][] hashed = Arrays.stream(finite).mapToObj(i -> queries[i]).toArray(double[][]::new);
    int[] buckets =
        AngularHash.of(hashed, Arrays.copyOf(directions, Math.ceilDiv(finite.length, chunk)));
    return IntStream.range(0, finite.length)
        .boxed()
        .sorted(Comparator.comparing(i -> buckets[i])) // stable
        .mapToInt(i -> finite[i])
        .toArray();
  }
}
