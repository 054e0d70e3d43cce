package io.github.starling.cli;

import io.github.starling.model.FormatException;
import io.github.starling.model.JsonObject;
import java.util.Locale;

/** A page of Markdown in the making. */
final class MarkdownPage {
  private final StringBuilder text = new StringBuilder();

  /** Adds a line, or a block of lines. */
  void say(String line) {
    text.append(line).append('\n');
  }

  /** Adds a row of a table. */
  void row(String... cells) {
    say("| " + String.join(" | ", cells) + " |");
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** Three digits of a share, two of a percentage. */
  static String number(double value) {
    return format(Math.abs(value) < 10 ? "%.3f" : "%.2f", value);
  }

  /** The same with its sign. */
  static String signed(double value) {
    return format(Math.abs(value) < 10 ? "%+.3f" : "%+.2f", value);
  }

  /**
   * Returns the mean of a measure, with its spread if several seeds have one.
   *
   * @param summary of a kind of attention
   */
  static String mean(JsonObject summary, String measure) throws FormatException {
    var value = summary.object(measure);
    String mean = number(value.number("mean"));
    return summary.whole("seeds", 1) > 1 ? mean + " ± " + number(value.number("spread")) : mean;
  }

  /** Formats with points in numbers, whatever the locale. */
  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
