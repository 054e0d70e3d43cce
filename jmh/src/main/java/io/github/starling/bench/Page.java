package io.github.starling.bench;

import io.github.starling.bench.Results.Figure;
import java.util.Locale;
import java.util.OptionalDouble;

/** A page of Markdown while it is written, line by line. */
final class Page {
  private final StringBuilder text = new StringBuilder();

  /** Adds a line. */
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

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Writes the time of a call and how it scatters. */
  static String time(Figure figure) {
    return time(figure.nanos()) + format(" ± %.0f %%", 100 * figure.spread());
  }

  static String time(double nanos) {
    if (nanos >= 1e9) {
      return format("%.2f s", nanos * 1e-9);
    }
    if (nanos >= 1e6) {
      return format(nanos >= 1e8 ? "%.0f ms" : nanos >= 1e7 ? "%.1f ms" : "%.2f ms", nanos * 1e-6);
    }
    return format(nanos >= 1e5 ? "%.0f µs" : "%.1f µs", nanos * 1e-3);
  }

  /** Writes a ratio, or nothing. */
  static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? format("%.2f ×", ratio.getAsDouble()) : "";
  }
}
