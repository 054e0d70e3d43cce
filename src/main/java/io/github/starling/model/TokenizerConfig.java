package io.github.starling.model;

import java.util.List;

/** A tokenizer as a model folder describes it. */
public sealed interface TokenizerConfig {
  /** Returns the tokens in the order of their ids. */
  List<String> vocabulary();

  /** Returns the token that opens a sequence. */
  String classification();

  /** Returns the token that closes a sequence. */
  String separator();

  /** Returns the token of padding, or null if there is none. */
  String padding();

  /** Returns the token of a word to be guessed, or null if there is none. */
  String mask();

  /** Returns the tokens that are found in a text as they stand. */
  List<Added> added();

  /**
   * BERT's WordPiece.
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
  record WordPiece(
      List<String> vocabulary,
      Normalization normalization,
      String unknown,
      String classification,
      String separator,
      String padding,
      String mask,
      List<Added> added,
      String continuingPrefix,
      int maxWordLength)
      implements TokenizerConfig {

    /** Copies the lists. */
    public WordPiece {
      vocabulary = List.copyOf(vocabulary);
      added = List.copyOf(added);
    }
  }

  /**
   * RoBERTa's byte-level byte-pair encoding.
   *
   * @param vocabulary tokens in the order of their ids
   * @param merges left and right token with a space between, in the order in which they merge
   * @param unknown token for a byte that the vocabulary lacks, or null to leave it out
   * @param classification token that opens a sequence
   * @param separator token that closes a sequence
   * @param between how many separators stand between the texts of a pair
   * @param padding token of padding, or null if there is none
   * @param mask token of a word to be guessed, or null if there is none
   * @param added tokens that are found in a text as they stand
   * @param addPrefixSpace puts a space before a piece of text that has none
   * @param useRegex cuts text into words as GPT-2 does
   * @param trimOffsets leaves spaces out of what a token covers
   */
  record BytePair(
      List<String> vocabulary,
      List<String> merges,
      String unknown,
      String classification,
      String separator,
      int between,
      String padding,
      String mask,
      List<Added> added,
      boolean addPrefixSpace,
      boolean useRegex,
      boolean trimOffsets)
      implements TokenizerConfig {

    /** Copies the lists. */
    public BytePair {
      vocabulary = List.copyOf(vocabulary);
      merges = List.copyOf(merges);
      added = List.copyOf(added);
    }
  }

  /**
   * What BERT's normalizer does.
   *
   * @param cleanText drops control characters and makes every white space a space
   * @param handleChineseChars makes each CJK character a word
   * @param stripAccents drops accents; null: if {@code lowercase}
   * @param lowercase lower-cases
   */
  record Normalization(
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
  record Added(
      String content,
      boolean singleWord,
      boolean leftStrip,
      boolean rightStrip,
      boolean normalized) {}
}
