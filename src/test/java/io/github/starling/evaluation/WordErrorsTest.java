package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordErrorsTest {
  @ParameterizedTest
  @CsvSource({
    // reference, transcript, substitutions, insertions, deletions, longest skip, skipped
    "a b c, a b c, 0, 0, 0, 0, 0",
    "a b c, a x c, 1, 0, 0, 0, 0",
    "a b c, a b x c, 0, 1, 0, 0, 0",
    "a b c, a c, 0, 0, 1, 1, 0",
    "'', a b, 0, 2, 0, 0, 0",
    "a b c, '', 0, 0, 3, 3, 0",
    "a b c d e f g h, a e g h, 0, 0, 4, 3, 0",
    "a b c d e f g h i, b d f h, 0, 0, 5, 1, 0",
    "a b c d e, b c d e x, 0, 1, 1, 1, 0",
    "k i t t e n, s i t t i n g, 2, 1, 0, 0, 0",
    "s a t u r d a y, s u n d a y, 1, 0, 2, 2, 0",
    // equally short alignments: a pair before a deletion, from the end
    "a b, x, 1, 0, 1, 1, 0",
    "a a a, a, 0, 0, 2, 2, 0",
    "the cat sat on the end, the end, 0, 0, 4, 4, 0",
    "a b c d x, y z x, 2, 0, 2, 2, 0",
    // only rows of at least five are skipped
    "a b c d e f, f, 0, 0, 5, 5, 5",
    "a b c d e f, e f, 0, 0, 4, 4, 0",
    "x a b c d e f y, x y, 0, 0, 6, 6, 6",
    "a b c d e x f g h i y j k l m n o, x y, 0, 0, 15, 6, 11",
    // the second x is taken, which splits the row
    "x a b x c d e f g y, x y, 0, 0, 8, 5, 5"
  })
  void countsAreThoseOfTheShortestAlignment(
      String reference,
      String transcript,
      int substitutions,
      int insertions,
      int deletions,
      int skip,
      int skipped) {
    var errors = WordErrors.of(reference, transcript);
    int words = reference.isEmpty() ? 0 : reference.split(" ").length;
    assertEquals(
        new WordErrors(words, substitutions, insertions, deletions, skip, skipped), errors);
    assertEquals(substitutions + insertions + deletions, errors.errors());
  }

  @Test
  void punctuationAndCaseAreNoErrors() {
    assertEquals(
        new WordErrors(4, 0, 0, 0, 0, 0),
        WordErrors.of("Call me, Mr. Ishmael!", "call me mister ishmael"));
    assertEquals(1, WordErrors.of(List.of("A"), List.of("a")).errors());
  }

  @Test
  void theRateIsErrorsForEachWordSaid() {
    assertEquals(0.75, new WordErrors(8, 1, 2, 3, 2, 0).rate());
    assertEquals(3, WordErrors.of("a", "b c d").rate());
    assertEquals(0, WordErrors.of("", "").rate());
    assertEquals(Double.POSITIVE_INFINITY, WordErrors.of("", "a").rate());
  }

  @Test
  void textsAreAddedAndTheLongerSkipStays() {
    var sum = new WordErrors(18, 1, 2, 13, 12, 12).plus(new WordErrors(10, 4, 5, 6, 5, 5));
    assertEquals(new WordErrors(28, 5, 7, 19, 12, 17), sum);
    assertEquals(sum, sum.plus(WordErrors.NONE));
  }

  @Test
  void longTextsNeedMemoryForOneOfThem() {
    var said = Collections.nCopies(20_000, "a"); // a table would have 400 million cells
    var understood = Collections.nCopies(1_000, "a");
    assertEquals(
        new WordErrors(20_000, 0, 0, 19_000, 19_000, 19_000), WordErrors.of(said, understood));
  }
}
