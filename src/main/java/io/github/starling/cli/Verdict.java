package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.number;
import static io.github.starling.cli.MarkdownPage.signed;

import io.github.starling.evaluation.Measure;
import io.github.starling.model.FormatException;
import io.github.starling.model.JsonObject;

/**
 * What a page may say of a difference to exact attention, which follows from its interval alone.
 *
 * @param isHigherBetter whether the measure is of what is gained
 * @param low lower end of the 95 % interval
 * @param high its upper end
 */
record Verdict(boolean isHigherBetter, double low, double high) {
  private static final String LOSS = "**loss**";

  /**
   * Reads a measure's value.
   *
   * @param measure its name
   * @param value with the interval
   */
  static Verdict of(String measure, JsonObject value) throws FormatException {
    return new Verdict(Measure.isHigherBetter(measure), value.number("low"), value.number("high"));
  }

  /** Tells whether the interval is on the side of the worse. */
  boolean isLoss() {
    return isHigherBetter ? high < 0 : low > 0;
  }

  private boolean coversZero() {
    return low <= 0 && high >= 0;
  }

  /** Returns the ends. */
  String interval() {
    return signed(low) + " to " + signed(high);
  }

  /** Returns the verdict; "no loss" only where the interval covers zero, with its width. */
  @Override
  public String toString() {
    return coversZero() ? "no loss seen, width " + number(high - low) : isLoss() ? LOSS : "gain";
  }
}
