package io.github.starling.evaluation;

import java.util.List;

/**
 * The best alignment of two texts, of which only the counts are kept: one row of the table, each
 * cell with what its alignment consists of.
 */
final class WordAlignment {
  private final List<String> reference;
  private final List<String> transcript;

  /**
   * An alignment of the begins of both texts.
   *
   * @param substitutions pairs of different words
   * @param insertions words of the transcript alone
   * @param deletions words of the reference alone
   * @param skip deletions at its end
   * @param longestSkip most deletions in a row
   * @param skipped deletions in rows of at least {@link WordErrors#SKIP}
   */
  private record Cell(
      int substitutions, int insertions, int deletions, int skip, int longestSkip, int skipped) {
    int errors() {
      return substitutions + insertions + deletions;
    }

    Cell pair(boolean equal) {
      return new Cell(
          substitutions + (equal ? 0 : 1), insertions, deletions, 0, longestSkip, skipped);
    }

    Cell insertion() {
      return new Cell(substitutions, insertions + 1, deletions, 0, longestSkip, skipped);
    }

    Cell deletion() {
      int now = skip + 1;
      int more = now < WordErrors.SKIP ? 0 : now == WordErrors.SKIP ? now : 1;
      int longest = Math.max(longestSkip, now);
      return new Cell(substitutions, insertions, deletions + 1, now, longest, skipped + more);
    }
  }

  WordAlignment(List<String> reference, List<String> transcript) {
    this.reference = List.copyOf(reference);
    this.transcript = List.copyOf(transcript);
  }

  WordErrors errors() {
    var row = new Cell[transcript.size() + 1];
    row[0] = new Cell(0, 0, 0, 0, 0, 0);
    for (int j = 1; j < row.length; j++) {
      row[j] = row[j - 1].insertion();
    }
    for (String word : reference) {
      next(row, word);
    }
    Cell last = row[transcript.size()];
    return new WordErrors(
        reference.size(),
        last.substitutions(),
        last.insertions(),
        last.deletions(),
        last.longestSkip(),
        last.skipped());
  }

  /** Turns the row of the words before into that which ends with this word. */
  private void next(Cell[] row, String word) {
    Cell diagonal = row[0];
    row[0] = row[0].deletion();
    for (int j = 1; j < row.length; j++) {
      Cell above = row[j];
      boolean equal = word.equals(transcript.get(j - 1));
      int pair = diagonal.errors() + (equal ? 0 : 1);
      int deletion = above.errors() + 1;
      int insertion = row[j - 1].errors() + 1;
      if (pair <= deletion && pair <= insertion) {
        row[j] = diagonal.pair(equal);
      } else {
        row[j] = deletion <= insertion ? above.deletion() : row[j - 1].insertion();
      }
      diagonal = above;
    }
  }
}
