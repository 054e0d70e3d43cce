package io.github.starling.evaluation;

/**
 * A number that says how well a task was done.
 *
 * @param name as the tables show it, such as F1
 * @param higherIsBetter false for a loss
 * @param formula how it comes from the scores of the items
 */
public record Measure(String name, boolean higherIsBetter, Formula formula) {
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
  static Measure mean(String name, boolean higherIsBetter, int column, double factor) {
    return new Measure(
        name,
        higherIsBetter,
        (scores, sample) -> {
          double sum = 0;
          for (int item : sample) {
            sum += scores[column][item];
          }
          return factor * sum / sample.length;
        });
  }

  /** Returns the measure of some items. */
  public double of(float[][] scores, int[] sample) {
    return formula.of(scores, sample);
  }
}
