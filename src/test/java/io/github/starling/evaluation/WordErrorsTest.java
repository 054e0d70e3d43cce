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
    // reference, transcript, substitutions, insertions, deletions, longest skip
    "a b c, a b c, 0, 0, 0, 0",
    "a b c, a x c, 1, 0, 0, 0",
    "a b c, a b x c, 0, 1, 0, 0",
    "a b c, a c, 0, 0, 1, 1",
    "'', a b, 0, 2, 0, 0",
    "a b c, '', 0, 0, 3, 3",
    "a b c d e f g h, a e g h, 0, 0, 4, 3",
    "a b c d e f g h i, b d f h, 0, 0, 5, 1",
    "a b c d e, b c d e x, 0, 1, 1, 1",
    "k i t t e n, s i t t i n g, 2, 1, 0, 0",
    "s a t u r d a y, s u n d a y, 1, 0, 2, 2",
    // equally short alignments: a pair before a deletion, from the end
    "a b, x, 1, 0, 1, 1",
    "a a a, a, 0, 0, 2, 2",
    "the cat sat on the end, the end, 0, 0, 4, 4",
    "a b c d x, y z x, 2, 0, 2, 2"
  })
  void countsAreThoseOfTheShortestAlignment(
      String reference,
      String transcript,
      int substitutions,
      int insertions,
      int deletions,
      int skip) {
    var errors = WordErrors.of(reference, transcript);
    int words = reference.isEmpty() ? 0 : reference.split(" ").length;
    assertEquals(new WordErrors(words, substitutions, insertions, deletions, skip), errors);
    assertEquals(substitutions + insertions + deletions, errors.errors());
  }

  @Test
  void punctuationAndCaseAreNoErrors() {
    assertEquals(
        new WordErrors(4, 0, 0, 0, 0),
        WordErrors.of("Call me, Mr. Ishmael!", "call me mister ishmael"));
    assertEquals(1, WordErrors.of(List.of("A"), List.of("a")).errors());
  }

  @Test
  void theRateIsErrorsForEachWordSaid() {
    assertEquals(0.75, new WordErrors(8, 1, 2, 3, 2).rate());
    assertEquals(3, WordErrors.of("a", "b c d").rate());
    assertEquals(0, WordErrors.of("", "").rate());
    assertEquals(Double.POSITIVE_INFINITY, WordErrors.of("", "a").rate());
  }

  @Test
  void textsAreAddedAndTheLongerSkipStays() {
    var sum = new WordErrors(8, 1, 2, 3, 2).plus(new WordErrors(10, 4, 5, 6, 5));
    assertEquals(new WordErrors(18, 5, 7, 9, 5), sum);
    assertEquals(sum, sum.plus(WordErrors.NONE));
  }

  @Test
  void longTextsNeedMemoryForOneOfThem() {
    var said = Collections.nCopies(20_000, "a"); // a table would have 400 million cells
    var understood = Collections.nCopies(1_000, "a");
    assertEquals(new WordErrors(20_000, 0, 0, 19_000, 19_000), WordErrors.of(said, understood));
  }
}
