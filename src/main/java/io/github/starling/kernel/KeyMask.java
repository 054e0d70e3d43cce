package io.github.starling.kernel;

/** Says which of the listed keys each query of a block may attend to. */
public interface KeyMask {
  /**
   * Tells whether a query may attend to any of some keys; true is always right, and costs time.
   *
   * @param row of the query in its block
   * @param from index of the first key in the list
   * @param count how many
   */
  boolean reaches(int row, int from, int count);

  /**
   * Replaces the scores of keys that a query may not attend to by −∞.
   *
   * @param row of the query in its block
   * @param from index of the first key in the list
   * @param count how many
   * @param scores of these keys, at {@code at}
   */
  void hide(int row, int from, int count, float[] scores, int at);
}
