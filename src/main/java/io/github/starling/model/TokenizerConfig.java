package io.github.starling.model;

import java.util.List;

/**
 * A BERT WordPiece tokenizer as a model folder describes it.
 *
 * @param vocabulary tokens in the order of their ids
 * @param normalization what happens to text before it is cut into words
 * @param unknown token for a word that the vocabulary cannot spell
 * @param classification token that opens a sequence
 * @param separator token that closes a sequence
 * @param padding token of padding, or null if there is none
 * @param mask token of a word to be guessed, or null if there is none
 * @param added tokens that are found in a text as they stand
 * @param continuingPrefix what tokens inside a word begin with, such as {@code ##}
 * @param maxWordLength words of more characters are unknown
 */
public record TokenizerConfig(
    List<String> vocabulary,
    Normalization normalization,
    String unknown,
    String classification,
    String separator,
    String padding,
    String mask,
    List<Added> added,
    String continuingPrefix,
    int maxWordLength) {

  /**
   * What BERT's normalizer does.
   *
   * @param cleanText drops control characters and makes every white space a space
   * @param handleChineseChars makes each CJK character a word
   * @param stripAccents drops accents; null: if {@code lowercase}
   * @param lowercase lower-cases
   */
  public record Normalization(
      boolean cleanText, boolean handleChineseChars, Boolean stripAccents, boolean lowercase) {}

  /**
   * A token that is found in a text as it stands, before the text is cut into words.
   *
   * @param content its characters
   * @param singleWord only where no word character touches it
   * @param leftStrip takes white space before it along
   * @param rightStrip takes white space after it along
   * @param normalized is looked for in the normalised text
   */
  public record Added(
      String content,
      boolean singleWord,
      boolean leftStrip,
      boolean rightStrip,
      boolean normalized) {}

  /** Copies the lists. */
  public TokenizerConfig {
    vocabulary = List.copyOf(vocabulary);
    added = List.copyOf(added);
  }
}
