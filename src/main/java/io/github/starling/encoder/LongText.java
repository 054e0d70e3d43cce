package io.github.starling.encoder;

/** What to do with a text that has more tokens than the model has positions. */
public enum LongText {
  /** Refuse it with an {@link IllegalArgumentException}. */
  ERROR,
  /** Read the tokens that fit, from the start, and end them with {@code [SEP]}. */
  TRUNCATE,
  /**
   * Read it in overlapping windows and pool these by tokens: each token counts once, as it comes
   * out of the window that reads the most text around it.
   */
  WINDOW
}
