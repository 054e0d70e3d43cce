package io.github.starling.text;

/**
 * A token that is found in the text as it stands, before words are.
 *
 * <p>An entry of {@code added_tokens} in Hugging Face's {@code tokenizer.json}.
 *
 * @param content the characters to find, such as {@code [MASK]}
 * @param singleWord only where no word character touches it
 * @param leftStrip takes the whitespace before it along
 * @param rightStrip takes the whitespace after it along
 * @param normalized found in the normalised text, by its normalised content, instead
 */
public record AddedToken(
    String content, boolean singleWord, boolean leftStrip, boolean rightStrip, boolean normalized) {

  /**
   * Checks that there is something to find.
   *
   * @throws IllegalArgumentException if the content is empty
   */
  public AddedToken {
    if (content.isEmpty()) {
      throw new IllegalArgumentException("an added token needs at least one character");
    }
  }

  /** Returns a token with the flags that BERT's special tokens have: none. */
  public static AddedToken special(String content) {
    return new AddedToken(content, false, false, false, false);
  }
}
