package io.github.starling.evaluation;

import java.util.Set;

/**
 * A number that says how well a task was done.
 *
 * @param name as the tables show it, such as F1
 * @param formula how it comes from the scores of the items
 */
public record Measure(String name, Formula formula) {
  static final String NLL = "NLL";

  /** Errors for each 100 words that were said. */
  public static final String WORD_ERRORS = "WER";

  /** Words in stretches that were passed over, in per cent. */
  public static final String SKIPPED_WORDS = "skipped words";

  /** Clips whose transcript does not end by itself, in per cent. */
  public static final String ENDLESS = "endless clips";

  /** ‖E′ − E‖ / ‖E‖ of the encoder's output. */
  public static final String ENCODER_ERROR = "encoder error";

  /** Seconds that the encoder takes for each second of sound. */
  public static final String REAL_TIME = "real-time factor";

  /** What is lost, by name, so that a file of summaries says enough. */
  private static final Set<String> LOSSES =
      Set.of(NLL, WORD_ERRORS, SKIPPED_WORDS, ENDLESS, ENCODER_ERROR, REAL_TIME);

  /** Computes a measure from the scores of some items. */
  @FunctionalInterface
  public interface Formula {
    /**
     * Computes it.
     *
     * @param scores what a task noted of each item, shape (columns, items)
     * @param sample the items that count, some perhaps repeatedly
     */
    double of(float[][] scores, int[] sample);
  }

  /** Returns the mean of a column, times a factor. */
  static Measure mean(String name, int column, double factor) {
    return new Measure(
        name, (scores, sample) -> factor * sum(scores[column], sample) / sample.length);
  }

  /** Returns the sum of a column by that of another, times a factor. */
  static Measure ratio(String name, int column, int by, double factor) {
    return new Measure(
        name, (scores, sample) -> factor * sum(scores[column], sample) / sum(scores[by], sample));
  }

  /** Returns the sum of the items of a column. */
  static double sum(float[] column, int[] sample) {
    double sum = 0;
    for (int item : sample) {
      sum += column[item];
    }
    return sum;
  }

  /** Tells whether a higher number of the measure of this name is better: it is not of a loss. */
  public static boolean isHigherBetter(String name) {
    return !LOSSES.contains(name);
  }

  /** Returns the measure of some items. */
  public double of(float[][] scores, int[] sample) {
    return formula.of(scores, sample);
  }
}
