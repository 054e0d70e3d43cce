package io.github.starling.text;

/**
 * What happens to a text before it is cut into words.
 *
 * <p>The components are those of {@code BertNormalizer} in Hugging Face's {@code tokenizer.json},
 * in its order, and take effect in this order too.
 *
 * @param cleanText drops control, format and private-use characters, turns whitespace into spaces
 * @param handleChineseChars makes each CJK ideograph a word
 * @param stripAccents decomposes letters and drops their accents; null: as {@code lowercase}
 * @param lowercase lowers each character, without regard to its neighbours or to any language
 */
public record Normalization(
    boolean cleanText, boolean handleChineseChars, Boolean stripAccents, boolean lowercase) {

  /** Returns the normalisation of uncased models: every step. */
  public static Normalization uncased() {
    return new Normalization(true, true, null, true);
  }

  /** Returns the normalisation of cased models: cleaning and ideographs only. */
  public static Normalization cased() {
    return new Normalization(true, true, null, false);
  }

  /** Returns whether accents are dropped, with the default resolved. */
  public boolean stripsAccents() {
    return stripAccents == null ? lowercase : stripAccents;
  }
}
