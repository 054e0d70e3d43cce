package io.github.starling.evaluation;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pairs of sentences whose likeness people judged: the STS benchmark (arXiv:1708.00055).
 *
 * @param pairs in the order of the file
 */
public record StsData(List<Pair> pairs) {
  private static final int HIGHEST = 5;

  /**
   * Two sentences.
   *
   * @param first one
   * @param second the other
   * @param score mean judgement from 0, unrelated, to 5, equivalent
   */
  public record Pair(String first, String second, double score) {}

  /**
   * Reads comma-separated values (RFC 4180) without a header: sentence, sentence, score.
   *
   * @throws FormatException at a row that is not so; the message has its byte and line
   * @throws IOException if the file is missing or cannot be read
   */
  public static StsData read(Path path) throws IOException {
    var file = TextFile.read(path);
    var pairs = new ArrayList<Pair>();
    for (var row : CsvRows.of(file)) {
      var fields = row.fields();
      if (fields.size() != 3) {
        throw file.error(
            row.at(),
            "a row must be sentence, sentence, score, not %d fields".formatted(fields.size()));
      }
      pairs.add(new Pair(fields.get(0), fields.get(1), score(file, row)));
    }
    return new StsData(pairs);
  }

  private static double score(TextFile file, CsvRows.Row row) throws FormatException {
    String field = row.fields().get(2);
    try {
      double score = Double.parseDouble(field);
      if (score >= 0 && score <= HIGHEST) {
        return score;
      }
    } catch (NumberFormatException _) {
      // the same fault as a number out of range
    }
    throw file.error(
        row.at(), "the score must be a number from 0 to %d, not \"%s\"".formatted(HIGHEST, field));
  }
}
