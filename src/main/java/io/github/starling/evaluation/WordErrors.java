package io.github.starling.evaluation;

import java.util.List;

/**
 * How a transcript differs from what was said, in words.
 *
 * <p>The fewest words to substitute, insert and delete that make the reference into the transcript
 * (Levenshtein, 1966), O(words · words) time and O(words) memory. Where several alignments have as
 * few, the counts are those of one of them: from the end backwards it prefers a pair of words to a
 * deletion, and a deletion to an insertion.
 *
 * @param words words of the reference
 * @param substitutions words of the reference in whose place another stands
 * @param insertions words of the transcript that nobody said
 * @param deletions words of the reference that are not in the transcript
 * @param longestSkip most words of the reference that are deleted in a row: a sentence that was
 *     skipped, where it is long
 * @param skipped words of the reference in all rows of at least {@link #SKIP} deleted ones: what
 *     was passed over, not misheard. A word of a skipped sentence that also stands beside it can
 *     split such a row, so that this is rather too few than too many
 */
public record WordErrors(
    int words, int substitutions, int insertions, int deletions, int longestSkip, int skipped) {
  /** The fewest words in a row that count as skipped: a model that mishears loses fewer. */
  public static final int SKIP = 5;

  /** No text at all, to which others are added. */
  public static final WordErrors NONE = new WordErrors(0, 0, 0, 0, 0, 0);

  /**
   * Compares two texts as {@link WordNormalizer} reads them.
   *
   * @param reference what was said
   * @param transcript what was understood
   */
  public static WordErrors of(String reference, String transcript) {
    return of(WordNormalizer.words(reference), WordNormalizer.words(transcript));
  }

  /**
   * Compares words, which must be equal to count as right.
   *
   * @param reference the words that were said
   * @param transcript the words that were understood
   */
  public static WordErrors of(List<String> reference, List<String> transcript) {
    return new WordAlignment(reference, transcript).errors();
  }

  /** Returns the number of errors, the distance between the two texts. */
  public int errors() {
    return substitutions + insertions + deletions;
  }

  /**
   * Returns the word error rate: errors for each word of the reference, which may be more than 1; 0
   * or infinite if the reference has no words.
   */
  public double rate() {
    return errors() == 0 ? 0 : (double) errors() / words;
  }

  /**
   * Returns the errors of both texts together, and the longer skip.
   *
   * @param other the errors of another text
   */
  public WordErrors plus(WordErrors other) {
    return new WordErrors(
        words + other.words,
        substitutions + other.substitutions,
        insertions + other.insertions,
        deletions + other.deletions,
        Math.max(longestSkip, other.longestSkip),
        skipped + other.skipped);
  }
}
