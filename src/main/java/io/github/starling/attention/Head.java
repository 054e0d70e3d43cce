package io.github.starling.attention;

import io.github.starling.tensor.Matrix;
import io.github.starling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One head of one sequence, valid positions only.
 *
 * @param query shape (n, dk)
 * @param key shape (m, dk)
 * @param value shape (m, dv)
 * @param output shape (n, dv), overlapping no input
 */
public record Head(Matrix query, Matrix key, Matrix value, Matrix output) {
  /**
   * Checks that the shapes fit each other.
   *
   * @throws IllegalArgumentException if they do not, or a width is 0
   */
  public Head {
    if (query.columns() != key.columns()) {
      throw new IllegalArgumentException(
          "queries have %d columns but keys have %d".formatted(query.columns(), key.columns()));
    }
    if (query.columns() == 0 || value.columns() == 0) {
      throw new IllegalArgumentException(
          "queries %s and values %s need at least one column"
              .formatted(query.shape(), value.shape()));
    }
    if (key.rows() != value.rows()) {
      throw new IllegalArgumentException(
          "there are %d keys but %d values".formatted(key.rows(), value.rows()));
    }
    if (output.rows() != query.rows() || output.columns() != value.columns()) {
      throw new IllegalArgumentException(
          "queries %s and values %s give an output of shape (%d, %d), not %s"
              .formatted(
                  query.shape(), value.shape(), query.rows(), value.columns(), output.shape()));
    }
  }

  /**
   * Lists the heads of a padded batch, sequence by sequence; padded rows of the output become
   * zeros.
   *
   * @param query shape (batch, heads, n, dk)
   * @param key shape (batch, heads, m, dk)
   * @param value shape (batch, heads, m, dv)
   * @param output shape (batch, heads, n, dv)
   * @param lengths valid positions of each sequence
   * @throws IllegalArgumentException if the shapes or lengths do not fit
   */
  public static List<Head> of(
      Tensor query, Tensor key, Tensor value, Tensor output, Lengths lengths) {
    for (var other : List.of(key, value, output)) {
      if (other.batch() != query.batch() || other.heads() != query.heads()) {
        throw new IllegalArgumentException(
            "%s and %s differ in batch or heads".formatted(query.shape(), other.shape()));
      }
    }
    lengths.check(query, key);
    var heads = new ArrayList<Head>();
    for (int b = 0; b < query.batch(); b++) {
      int n = lengths.queries()[b];
      int m = lengths.keys()[b];
      for (int h = 0; h < query.heads(); h++) {
        var out = output.head(b, h);
        out.rows(n, out.rows() - n).clear();
        heads.add(
            new Head(
                query.head(b, h).rows(0, n),
                key.head(b, h).rows(0, m),
                value.head(b, h).rows(0, m),
                out.rows(0, n)));
      }
    }
    return heads;
  }

  /**
   * Valid positions of each sequence of a padded batch.
   *
   * @param queries shape (batch)
   * @param keys shape (batch)
   */
  public record Lengths(int[] queries, int[] keys) {
    /** Says that every position is valid. */
    public static Lengths full(Tensor query, Tensor key) {
      var lengths = new Lengths(new int[query.batch()], new int[query.batch()]);
      Arrays.fill(lengths.queries, query.length());
      Arrays.fill(lengths.keys, key.length());
      return lengths;
    }

    private void check(Tensor query, Tensor key) {
      check("query", queries, query);
      check("key", keys, key);
    }

    private static void check(String name, int[] lengths, Tensor tensor) {
      if (lengths.length != tensor.batch()) {
        throw new IllegalArgumentException(
            "%d %s lengths for a batch of %d".formatted(lengths.length, name, tensor.batch()));
      }
      for (int b = 0; b < lengths.length; b++) {
        if (lengths[b] < 0 || lengths[b] > tensor.length()) {
          throw new IllegalArgumentException(
              "%s length %d of sequence %d is not between 0 and %d"
                  .formatted(name, lengths[b], b, tensor.length()));
        }
      }
    }
  }
}
