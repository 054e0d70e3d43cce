package io.github.starling.text;

import java.util.OptionalInt;

/**
 * Turns text into the ids of a vocabulary.
 *
 * <p>Immutable, for any number of threads.
 */
public sealed interface Tokenizer permits BytePairTokenizer, WordPieceTokenizer {
  /**
   * Tokenises a text and frames it, see {@link Frame}.
   *
   * @return ids, shape (n), n ≥ 2
   */
  int[] encode(String text);

  /**
   * Tokenises a text, and puts nothing around it.
   *
   * @return ids, shape (n), n ≥ 0
   */
  int[] encodeWithoutSpecials(String text);

  /** Tokenises a text as {@link #encode} does, and says where each token stands in it. */
  Encoding encodeWithOffsets(String text);

  /** Returns the tokens that frame a sequence. */
  Frame frame();

  /** Returns the token of a word to be guessed, if there is one. */
  OptionalInt mask();

  /** Returns the number of ids: vocabulary entries and added tokens. */
  int size();

  /**
   * Returns the token with an id, as the vocabulary writes it.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  String token(int id);

  /**
   * Returns the characters that a token stands for within a text, such as {@code ing} for {@code
   * ##ing}.
   *
   * @throws IndexOutOfBoundsException if there is no such token
   */
  String text(int id);

  /** Returns the id of a token, if it is one. */
  OptionalInt id(String token);
}
