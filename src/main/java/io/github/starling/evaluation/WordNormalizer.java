package io.github.starling.evaluation;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reduces a text to the words that can be heard, so that a transcript is not blamed for its
 * punctuation.
 *
 * <p>In this order: Unicode's NFKC; lower case; dashes and hyphens of every kind (category Pd, and
 * the minus sign), slashes and two or more full stops become spaces; letters and digits stay, with
 * the marks on them; an apostrophe, straight or typographic, stays (straight) between two of these;
 * everything else falls, without leaving a space. White space parts the words. Last, a word that is
 * just {@code mr}, {@code mrs} or {@code dr} becomes {@code mister}, {@code missus} or {@code
 * doctor}.
 *
 * <p>So {@code "Twenty-five—don't!"} is {@code twenty, five, don't}. Numbers are left as they are
 * written: {@code 25} and {@code twenty five} are different words, as are {@code colour} and {@code
 * color}; {@code 3.5} becomes {@code 35}. An error rate is therefore an upper bound.
 */
public final class WordNormalizer {
  /** What it does, in a sentence for the readers of an error rate. */
  public static final String RULE =
      "Words are compared in lower case and without punctuation; hyphens and dashes part words;"
          + " mr, mrs and dr are spelled out, numbers are not.";

  private static final Map<String, String> SPELLED_OUT =
      Map.of("mr", "mister", "mrs", "missus", "dr", "doctor");

  private WordNormalizer() {}

  /**
   * Splits a text into its words.
   *
   * @param text any text
   * @return its words, none of them empty
   */
  public static List<String> words(String text) {
    String lower = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    // İ and some others are no longer composed in lower case
    int[] from = Normalizer.normalize(lower, Normalizer.Form.NFKC).codePoints().toArray();
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    for (int i = 0; i < from.length; i++) {
      if (isSpace(from, i)) {
        end(word, words);
      } else if (isWord(from, i)) {
        word.appendCodePoint(from[i]);
      } else if (isApostrophe(from[i]) && isWord(from, i - 1) && isWord(from, i + 1)) {
        word.append('\'');
      }
    }
    end(word, words);
    return words;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      String whole = word.toString();
      words.add(SPELLED_OUT.getOrDefault(whole, whole));
      word.setLength(0);
    }
  }

  private static boolean isSpace(int[] text, int i) {
    int c = text[i];
    return switch (c) {
      case '/', '\u2044', '\u2212' -> true; // slash, slash of a fraction, minus sign
      case '.' -> at(text, i - 1) == '.' || at(text, i + 1) == '.';
      default ->
          Character.isWhitespace(c)
              || Character.isSpaceChar(c)
              || Character.getType(c) == Character.DASH_PUNCTUATION;
    };
  }

  private static boolean isApostrophe(int c) {
    return c == '\'' || c == '\u2018' || c == '\u2019' || c == '\u02BC';
  }

  /** Tells whether a letter, a digit or a mark on one is there. */
  private static boolean isWord(int[] text, int i) {
    int c = at(text, i);
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          isWord(text, i - 1);
      default -> Character.isLetterOrDigit(c) && !isApostrophe(c);
    };
  }

  private static int at(int[] text, int i) {
    return i < 0 || i >= text.length ? ' ' : text[i];
  }
}
