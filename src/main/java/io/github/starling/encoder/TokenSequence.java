package io.github.starling.encoder;

/**
 * The tokens that a model reads at once.
 *
 * @param ids vocabulary ids, {@code [CLS]} and {@code [SEP]} included, shape (n), n ≥ 1
 * @param types segment of each token, 0 in a single text, 1 in the second text of a pair, shape (n)
 */
public record TokenSequence(int[] ids, int[] types) {
  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if there is no token, or ids and types differ in length
   */
  public TokenSequence {
    if (ids.length == 0) {
      throw new IllegalArgumentException("a sequence needs at least one token");
    }
    if (ids.length != types.length) {
      throw new IllegalArgumentException(
          "a sequence has %d ids but %d types".formatted(ids.length, types.length));
    }
  }

  /**
   * Makes a sequence of a single text.
   *
   * @param ids vocabulary ids, shape (n), n ≥ 1
   * @throws IllegalArgumentException if there is no token
   */
  public static TokenSequence of(int... ids) {
    return new TokenSequence(ids, new int[ids.length]);
  }

  /** Returns n, the number of tokens. */
  public int length() {
    return ids.length;
  }
}
