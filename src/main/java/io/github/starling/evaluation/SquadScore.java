package io.github.starling.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How well a predicted answer matches the right ones, by the official measure of SQuAD v1.1.
 *
 * <p>arXiv:1606.05250 §6.1 with the normalisation of {@code evaluate-v1.1.py}: lower case, then
 * without ASCII punctuation, without the words "a", "an", "the", with single spaces. Each measure
 * is the best over the right answers.
 *
 * @param exactMatch 1 if the texts are equal, else 0
 * @param f1 harmonic mean of precision and recall of the words, 0 to 1; 0 if either has no word
 */
public record SquadScore(double exactMatch, double f1) {
  private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");

  // The script is Python's: Java's \b and \s follow other rules outside ASCII.
  private static final String WORD = "[\\p{L}\\p{N}_]";
  private static final Pattern ARTICLE =
      Pattern.compile("(?<!" + WORD + ")(a|an|the)(?!" + WORD + ")");
  private static final Pattern SPACE = Pattern.compile("[\\t-\\r\\x1C-\\x1F\\x85\\p{Z}]+");

  /**
   * Scores a prediction.
   *
   * @param prediction the predicted text
   * @param answers the right texts
   * @throws IllegalArgumentException if there is no right text
   */
  public static SquadScore of(String prediction, List<String> answers) {
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("a prediction needs at least one right answer");
    }
    String predicted = normalize(prediction);
    double exactMatch = 0;
    double f1 = 0;
    for (String answer : answers) {
      String right = normalize(answer);
      exactMatch = Math.max(exactMatch, predicted.equals(right) ? 1 : 0);
      f1 = Math.max(f1, f1(predicted, right));
    }
    return new SquadScore(exactMatch, f1);
  }

  static String normalize(String text) {
    text = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    text = ARTICLE.matcher(text).replaceAll(" ");
    return SPACE.matcher(text).replaceAll(" ").strip();
  }

  /** A word counts as often as both texts have it. */
  private static double f1(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return 0;
    }
    String[] first = a.split(" ");
    String[] second = b.split(" ");
    var counts = new HashMap<String, Integer>();
    for (String word : first) {
      counts.merge(word, 1, Integer::sum);
    }
    int common = 0;
    for (String word : second) {
      if (counts.merge(word, -1, Integer::sum) >= 0) {
        common++;
      }
    }
    return 2.0 * common / (first.length + second.length);
  }
}
