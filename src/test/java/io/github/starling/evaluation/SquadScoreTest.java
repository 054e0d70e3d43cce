package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Unicode cases are what Python 3 makes of them in {@code evaluate-v1.1.py}. */
class SquadScoreTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "The  Big, Bad Wolf!|big bad wolf",
        "an apple a day, the rest|apple day rest",
        "Anna bathes at Athens|anna bathes at athens",
        "the a an|``",
        "a-b an.d|ab and",
        "The\u00A0Cat|cat",
        "x\u3000y\u001Cz|x y z",
        "x\u200Ba y|x\u200B y",
        "\u201CThe\u201D end|\u201C \u201D end",
        "an\u2014a|\u2014",
        "a\u0301 x|\u0301 x",
        "the2 the\u00B2 \u00E9a|the2 the\u00B2 \u00E9a",
        "\u0130stanbul|i\u0307stanbul",
        "\u03A3\u0391\u03A3|\u03C3\u03B1\u03C2",
      })
  void answersAreNormalised(String text, String normalized) {
    assertEquals(normalized, SquadScore.normalize(text));
  }

  @Test
  void allOfAsciiPunctuationGoes() {
    assertEquals("xy", SquadScore.normalize("x!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~y"));
  }

  @Test
  void anAnswerThatDiffersOnlyInFormIsExact() {
    assertEquals(new SquadScore(1, 1), SquadScore.of("the Panthers", List.of("Panthers.")));
  }

  @Test
  void f1IsTheHarmonicMeanOfPrecisionAndRecall() {
    // 2 of 3 predicted words are right and 2 of 5 right words predicted
    double precision = 2 / 3.0;
    double recall = 2 / 5.0;
    var score = SquadScore.of("red green blue", List.of("green blue black white grey"));
    assertEquals(2 * precision * recall / (precision + recall), score.f1(), 1e-15);
    assertEquals(0, score.exactMatch());
  }

  @Test
  void aRepeatedWordCountsAsOftenAsBothHaveIt() {
    // common: go go; 2 of 4 and 2 of 3
    assertEquals(4 / 7.0, SquadScore.of("go go go on", List.of("go go away")).f1(), 1e-15);
    // common: go; 1 of 1 and 1 of 3
    assertEquals(2 / 4.0, SquadScore.of("go", List.of("go go go")).f1(), 1e-15);
  }

  @Test
  void noCommonWordIsNothing() {
    assertEquals(new SquadScore(0, 0), SquadScore.of("red", List.of("green")));
  }

  @Test
  void whatIsEmptyAfterNormalisationHasNoWordButMayBeExact() {
    assertEquals(new SquadScore(1, 0), SquadScore.of("the", List.of("!")));
    assertEquals(new SquadScore(0, 0), SquadScore.of("", List.of("word")));
    assertEquals(new SquadScore(0, 0), SquadScore.of("word", List.of("")));
  }

  @Test
  void eachMeasureIsTheBestOverTheAnswers() {
    assertEquals(
        new SquadScore(1, 1), SquadScore.of("two words", List.of("two", "two words", "words")));
    assertEquals(2 / 3.0, SquadScore.of("two words", List.of("none", "two")).f1(), 1e-15);
  }

  @Test
  void noAnswerIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> SquadScore.of("x", List.of()));
  }
}
