package io.github.starling.text;

import java.util.List;

/**
 * How a {@link WordPieceTokenizer} reads text.
 *
 * @param normalization what happens before the text is cut into words
 * @param specials names of the tokens that stand for unknown words and frame a sequence
 * @param added tokens that are found in the text as they stand
 * @param continuingPrefix marks vocabulary entries that continue a word
 * @param maxWordLength words of more code points than this are unknown
 */
public record TokenizerOptions(
    Normalization normalization,
    SpecialTokens specials,
    List<AddedToken> added,
    String continuingPrefix,
    int maxWordLength) {

  /** Keeps its own copy of the added tokens. */
  public TokenizerOptions {
    added = List.copyOf(added);
  }

  /**
   * Returns BERT's options: its special tokens are found in the text, {@code ##} continues a word,
   * and a word has at most 100 characters.
   */
  public static TokenizerOptions bert(Normalization normalization) {
    var added =
        List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]").stream()
            .map(AddedToken::special)
            .toList();
    return new TokenizerOptions(normalization, SpecialTokens.BERT, added, "##", 100);
  }
}
