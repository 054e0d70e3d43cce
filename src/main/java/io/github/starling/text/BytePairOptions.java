package io.github.starling.text;

import java.util.List;

/**
 * How a {@link BytePairTokenizer} reads text.
 *
 * @param merges pairs of tokens that become one, left and right with a space between, in the order
 *     in which they do
 * @param specials names of the tokens that frame a sequence and stand for bytes that the vocabulary
 *     lacks; without such an unknown token, these bytes are left out
 * @param added tokens that are found in the text as they stand
 * @param between how many separators stand between the texts of a pair
 * @param byteLevel how text becomes bytes
 */
public record BytePairOptions(
    List<String> merges,
    SpecialTokens specials,
    List<AddedToken> added,
    int between,
    ByteLevel byteLevel) {

  /**
   * The options of {@code ByteLevel} in Hugging Face's {@code tokenizer.json}.
   *
   * @param addPrefixSpace puts a space before a piece of text between added tokens that has none
   * @param useRegex cuts text into words as GPT-2 does; else a piece is one word
   * @param trimOffsets leaves spaces out of what a token covers
   */
  public record ByteLevel(boolean addPrefixSpace, boolean useRegex, boolean trimOffsets) {
    /** RoBERTa's: words, no space before, spaces not covered. */
    public static final ByteLevel ROBERTA = new ByteLevel(false, true, true);
  }

  /** Keeps its own copy of the lists. */
  public BytePairOptions {
    merges = List.copyOf(merges);
    added = List.copyOf(added);
  }

  /**
   * Returns RoBERTa's options: its special tokens are found in the text, {@code <mask>} with the
   * whitespace before it.
   */
  public static BytePairOptions roberta(List<String> merges) {
    var added =
        List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>").stream()
            .map(t -> new AddedToken(t, false, t.equals("<mask>"), false, false))
            .toList();
    return new BytePairOptions(merges, SpecialTokens.ROBERTA, added, 2, ByteLevel.ROBERTA);
  }
}
