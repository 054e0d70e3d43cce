package io.github.starling.evaluation;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Sentences of which each belongs to a class, as GLUE (arXiv:1804.07461) has them.
 *
 * <p>A file has one sentence a line, in columns between tabs. The first line names the columns, of
 * which one is {@code label} and one {@code sentence} or {@code text}; without such a line there
 * are the four columns of CoLA: source, label, star, sentence.
 *
 * @param items in the order of the file
 * @param classes labels in sorted order; the index of a label is its class
 */
public record LabelledData(List<Item> items, List<String> classes) {
  /**
   * A sentence.
   *
   * @param text the sentence
   * @param label index of its class
   */
  public record Item(String text, int label) {}

  /** Where the columns are. */
  private record Layout(int text, int label, int columns) {}

  /** A line: its first {@code char} in the file. */
  private record Line(int at, String[] fields) {}

  /**
   * Reads a file whose labels tell the classes: the training set.
   *
   * @throws FormatException if a line has other columns than the first; the message has its byte
   *     and line
   * @throws IOException if the file is missing or cannot be read
   */
  public static LabelledData read(Path path) throws IOException {
    return read(path, null);
  }

  /**
   * Reads a file that has no other classes than another: a test set.
   *
   * @param classes those of the training set
   * @throws FormatException if a line has other columns than the first, or a label that is none of
   *     the classes; the message has its byte and line
   * @throws IOException if the file is missing or cannot be read
   */
  public static LabelledData read(Path path, List<String> classes) throws IOException {
    var file = TextFile.read(path);
    var lines = lines(file);
    var layout = layout(file, lines);
    if (classes == null) {
      var labels = new TreeSet<String>();
      lines.forEach(line -> labels.add(line.fields[layout.label]));
      classes = List.copyOf(labels);
    }
    var items = new ArrayList<Item>(lines.size());
    for (var line : lines) {
      String label = line.fields[layout.label];
      int index = classes.indexOf(label);
      if (index < 0) {
        throw file.error(line.at, "the label \"%s\" is none of %s".formatted(label, classes));
      }
      items.add(new Item(line.fields[layout.text], index));
    }
    return new LabelledData(items, classes);
  }

  private static List<Line> lines(TextFile file) {
    var lines = new ArrayList<Line>();
    int at = 0;
    do {
      int end = file.text().indexOf('\n', at);
      end = end < 0 ? file.text().length() : end;
      String line = file.text().substring(at, end);
      line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      lines.add(new Line(at, line.split("\t", -1)));
      at = end + 1;
    } while (at < file.text().length());
    return lines;
  }

  /** Takes the header away if there is one. */
  private static Layout layout(TextFile file, List<Line> lines) throws FormatException {
    var first = List.of(lines.getFirst().fields);
    int text = Math.max(first.indexOf("sentence"), first.indexOf("text"));
    int label = first.indexOf("label");
    Layout layout;
    if (text >= 0 && label >= 0) {
      layout = new Layout(text, label, first.size());
      lines.removeFirst();
    } else if (first.size() == 4) {
      layout = new Layout(3, 1, 4);
    } else {
      throw file.error(
          0, "the columns must be named, one label, one sentence or text, or be CoLA's four");
    }
    for (var line : lines) {
      if (line.fields.length != layout.columns) {
        throw file.error(
            line.at,
            "a line must have %d columns, not %d".formatted(layout.columns, line.fields.length));
      }
    }
    return layout;
  }
}
