package io.github.starling.reference;

import io.github.starling.tensor.Matrix;

/**
 * The queries, keys and values of one head of one sequence.
 *
 * @param queries Q, shape (n, dk)
 * @param keys K, shape (m, dk)
 * @param values V, shape (m, dv)
 * @param valueWidth dv, which no row tells when m = 0
 */
public record Head(double[][] queries, double[][] keys, double[][] values, int valueWidth) {
  /**
   * Checks the shapes.
   *
   * @throws IllegalArgumentException if keys and values differ in number, or a row has another
   *     width than the rows it goes with
   */
  public Head {
    if (keys.length != values.length) {
      throw new IllegalArgumentException(
          "there are %d keys but %d values".formatted(keys.length, values.length));
    }
    int width = width(queries, keys);
    requireWidth("key", keys, width);
    requireWidth("query", queries, width);
    requireWidth("value", values, valueWidth);
  }

  /**
   * Takes dv from the first value; it is 0 if there is none.
   *
   * @param queries Q, shape (n, dk)
   * @param keys K, shape (m, dk)
   * @param values V, shape (m, dv)
   * @throws IllegalArgumentException if the shapes do not go together
   */
  public Head(double[][] queries, double[][] keys, double[][] values) {
    this(queries, keys, values, values.length == 0 ? 0 : values[0].length);
  }

  /**
   * Copies float32 matrices.
   *
   * @param queries Q, shape (n, dk)
   * @param keys K, shape (m, dk)
   * @param values V, shape (m, dv)
   * @throws IllegalArgumentException if the shapes do not go together
   */
  public static Head of(Matrix queries, Matrix keys, Matrix values) {
    return new Head(Doubles.of(queries), Doubles.of(keys), Doubles.of(values), values.columns());
  }

  /**
   * Asks the same keys and values other questions.
   *
   * @param others queries, shape (any, dk)
   * @throws IllegalArgumentException if their width is not dk
   */
  public Head withQueries(double[][] others) {
    return new Head(others, keys, values, valueWidth);
  }

  /**
   * Asks one question to some of the keys and values.
   *
   * @param query position, 0 .. n−1
   * @param others positions of the keys, shape (any)
   */
  Head of(int query, int[] others) {
    var seenKeys = new double[others.length][];
    var seenValues = new double[others.length][];
    for (int t = 0; t < others.length; t++) {
      seenKeys[t] = keys[others[t]];
      seenValues[t] = values[others[t]];
    }
    return new Head(new double[][] {queries[query]}, seenKeys, seenValues, valueWidth);
  }

  /** Throws unless there are as many keys as queries, each at the position of its query. */
  void requireSelf() {
    if (queries.length != keys.length) {
      throw new IllegalArgumentException(
          "%d queries do not have the positions of %d keys".formatted(queries.length, keys.length));
    }
  }

  /** Returns dk, or 0 if there is neither a query nor a key. */
  public int width() {
    return width(queries, keys);
  }

  private static int width(double[][] queries, double[][] keys) {
    return keys.length > 0 ? keys[0].length : queries.length > 0 ? queries[0].length : 0;
  }

  private static void requireWidth(String name, double[][] rows, int width) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != width) {
        throw new IllegalArgumentException(
            "%s %d has %d columns and should have %d".formatted(name, i, rows[i].length, width));
      }
    }
  }
}
