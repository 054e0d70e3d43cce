package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PieceDecoderTest {
  private static final List<String> PIECES =
      List.of(
          "<unk>",
          "<s>",
          "</s>",
          "\u2581bird",
          "s",
          "\u2581",
          "<0xC3>",
          "<0xA9>",
          "<0x0A>",
          "<0xZZ>");
  private final PieceDecoder decoder = new PieceDecoder(PIECES, 3);

  @Test
  void spacesStandBeforeWordsAndTheFirstFalls() {
    assertEquals("birds bird", decoder.decode(new int[] {1, 3, 4, 3, 2}));
    assertEquals(" bird", decoder.decode(new int[] {5, 3}));
    assertEquals("", decoder.decode(new int[0]));
  }

  @Test
  void bytesMakeCharacters() {
    assertEquals("\u00e9\n", decoder.decode(new int[] {6, 7, 8}));
    assertEquals("\ufffds", decoder.decode(new int[] {6, 4}));
    assertEquals("<0xZZ>", decoder.decode(new int[] {9}));
  }

  @Test
  void idsBeyondTheVocabularyAreNoText() {
    assertEquals("s", decoder.decode(new int[] {10, 32_767, 4}));
  }
}
