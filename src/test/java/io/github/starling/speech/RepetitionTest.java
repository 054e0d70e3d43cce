package io.github.starling.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepetitionTest {
  @Test
  void aSentenceSaidFourTimesIsALoop() {
    for (int unit : new int[] {6, 10, 64}) {
      int[] tokens =
          IntStream.range(0, 5 + 4 * unit).map(i -> i < 5 ? 900 + i : 3 + (i - 5) % unit).toArray();
      assertEquals(5 + unit, Repetition.tokensBefore(tokens, tokens.length), "unit " + unit);
      assertEquals(-1, Repetition.tokensBefore(tokens, tokens.length - 1), "unit " + unit);
    }
  }

  @Test
  void aWordMayBeSaidMoreOften() {
    int[] tokens = new int[40];
    assertEquals(-1, Repetition.tokensBefore(tokens, 23));
    assertEquals(1, Repetition.tokensBefore(tokens, 24));
  }

  @Test
  void whatIsLongerThanSixtyFourTokensIsNoUnit() {
    int[] tokens = IntStream.range(0, 65 * 5).map(i -> i % 65).toArray();
    assertEquals(-1, Repetition.tokensBefore(tokens, tokens.length));
  }

  @Test
  void nothingIsNoLoop() {
    assertEquals(-1, Repetition.tokensBefore(new int[0], 0));
  }
}
