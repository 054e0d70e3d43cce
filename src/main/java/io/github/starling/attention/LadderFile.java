package io.github.starling.attention;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The form in which a {@link Ladder} is kept.
 *
 * <p>Lines of values between tabs; the first line that does not begin with # names the columns.
 * Rungs are in the order of widths, then of lengths; within these errors fall and times grow.
 */
final class LadderFile {
  private static final String COLUMNS = "width\tlength\tclusters\tkeys\twindow\terror\ttime";

  private static final Comparator<Rung> PLACE =
      Comparator.comparingInt(Rung::width).thenComparingInt(Rung::length);

  private LadderFile() {}

  /**
   * Reads rungs.
   *
   * @param path what errors call the text
   * @return at least one
   * @throws IOException at the first line that is not as it must be; the message has path and line
   */
  static List<Rung> read(String path, String text) throws IOException {
    var rungs = new ArrayList<Rung>();
    boolean isBegun = false;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      try {
        if (line.startsWith("#")) {
          continue;
        }
        if (isBegun) {
          var rung = rung(line.split("\t", -1));
          checkOrder(rungs.isEmpty() ? null : rungs.getLast(), rung);
          rungs.add(rung);
        } else if (!line.equals(COLUMNS)) {
          throw new IllegalArgumentException("the columns must be " + COLUMNS.replace("\t", ", "));
        }
        isBegun = true;
      } catch (IllegalArgumentException e) { // a number that is none is one of these too
        throw new IOException(path + ", line " + number + ": " + e.getMessage(), e);
      }
    }
    if (rungs.isEmpty()) {
      throw new IOException(path + ", line " + number + ": there are no settings");
    }
    return List.copyOf(rungs);
  }

  private static Rung rung(String[] values) {
    int columns = COLUMNS.split("\t").length;
    if (values.length != columns) {
      throw new IllegalArgumentException(
          "there must be %d values between tabs, not %d".formatted(columns, values.length));
    }
    var options = new RefinedOptions(number(values[2]), number(values[3]), number(values[4]));
    double error = Double.parseDouble(values[5]);
    double time = Double.parseDouble(values[6]);
    if (!(error > 0 && error < Double.POSITIVE_INFINITY && time > 0 && time < 1)) {
      throw new IllegalArgumentException(
          "an error is positive and a time a share below 1, not %s and %s"
              .formatted(values[5], values[6]));
    }
    return new Rung(number(values[0]), number(values[1]), options, error, time);
  }

  private static int number(String value) {
    return Integer.parseInt(value);
  }

  private static void checkOrder(Rung last, Rung rung) {
    int order = last == null ? -1 : PLACE.compare(last, rung);
    if (order > 0) {
      throw new IllegalArgumentException("widths, and the lengths of each, must grow");
    }
    if (order == 0 && !(rung.error() < last.error() && rung.time() > last.time())) {
      throw new IllegalArgumentException("errors of a length must fall and times grow");
    }
  }

  /**
   * Writes rungs, without those that are no use: another one of their width and length, or exact
   * attention, is as near in no more time.
   *
   * @param comment a line that says where they are from
   * @param rungs in any order, their errors and times rounded to three decimals
   */
  static String write(String comment, List<Rung> rungs) {
    var text = new StringBuilder("# " + comment + "\n" + COLUMNS + "\n");
    Rung last = null;
    var byTime = PLACE.thenComparingDouble(Rung::time).thenComparingDouble(Rung::error);
    for (var rung : rungs.stream().sorted(byTime).toList()) {
      boolean isFirst = last == null || PLACE.compare(last, rung) < 0;
      if (rung.time() < 1 && (isFirst || rung.error() < last.error())) {
        text.append(line(rung));
        last = rung;
      }
    }
    return text.toString();
  }

  private static String line(Rung rung) {
    var o = rung.options();
    return String.format(
        Locale.ROOT,
        "%d\t%d\t%d\t%d\t%d\t%.3f\t%.3f\n",
        rung.width(),
        rung.length(),
        o.clusters(),
        o.exactKeys(),
        o.window(),
        rung.error(),
        rung.time());
  }
}
