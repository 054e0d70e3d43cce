package io.github.starling.evaluation;

import io.github.starling.model.FormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits comma-separated values (RFC 4180) into rows.
 *
 * <p>A field in quotes may hold commas, line ends, and quotes that are doubled; a quote elsewhere
 * is a fault. Lines end with LF or CR LF, the last one also without.
 */
final class CsvRows {
  private final TextFile file;
  private final String text;
  private int at;

  /**
   * A line of the table.
   *
   * @param at its first {@code char} in the file
   * @param fields at least one
   */
  record Row(int at, List<String> fields) {}

  private CsvRows(TextFile file) {
    this.file = file;
    text = file.text();
  }

  /**
   * Splits a file.
   *
   * @throws FormatException if a quote is where none may be, or not closed
   */
  static List<Row> of(TextFile file) throws FormatException {
    var rows = new ArrayList<Row>();
    var reader = new CsvRows(file);
    while (reader.at < reader.text.length()) {
      rows.add(reader.row());
    }
    return rows;
  }

  private Row row() throws FormatException {
    int start = at;
    var fields = new ArrayList<String>();
    do {
      fields.add(text.startsWith("\"", at) ? quoted() : plain());
    } while (skip(","));
    if (at < text.length() && !skip("\r\n") && !skip("\n")) {
      throw file.error(at, "a field must end with a comma or the line");
    }
    return new Row(start, fields);
  }

  private String plain() throws FormatException {
    int from = at;
    while (at < text.length() && !text.startsWith(",", at) && !isLineEnd()) {
      if (text.charAt(at) == '"') {
        throw file.error(at, "a field that holds a quote must be in quotes");
      }
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() throws FormatException {
    int open = at++;
    var field = new StringBuilder();
    while (true) {
      int quote = text.indexOf('"', at);
      if (quote < 0) {
        throw file.error(open, "this quote is not closed");
      }
      field.append(text, at, quote);
      at = quote + 1;
      if (!skip("\"")) {
        return field.toString();
      }
      field.append('"');
    }
  }

  private boolean isLineEnd() {
    return text.startsWith("\n", at) || text.startsWith("\r\n", at);
  }

  private boolean skip(String expected) {
    boolean found = text.startsWith(expected, at);
    at += found ? expected.length() : 0;
    return found;
  }
}
