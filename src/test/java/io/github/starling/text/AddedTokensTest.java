package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AddedTokensTest {
  private static final long SEED = 42;

  /** One token for each flag, prefixes of each other, a token with spaces, a normalised one. */
  private static final List<AddedToken> TOKENS =
      List.of(
          AddedToken.special("[PAD]"),
          AddedToken.special("[UNK]"),
          AddedToken.special("[CLS]"),
          AddedToken.special("[SEP]"),
          new AddedToken("[MASK]", false, true, false, false),
          new AddedToken("<r>", false, false, true, false),
          new AddedToken("<w>", true, false, false, false),
          new AddedToken("<w>!", false, true, true, false),
          new AddedToken("Élan Vital", false, false, false, true),
          new AddedToken("Word", true, true, true, true),
          new AddedToken("中", false, false, false, true));

  private static final List<String> PARTS =
      List.of(
          "[MASK]",
          "<r>",
          "<w>",
          "<w>!",
          "Élan Vital",
          "elan  vital",
          "ELAN\u0301\tvital",
          "word",
          "Words",
          "中",
          " ",
          "\u00A0",
          "\n",
          "a",
          "é",
          "_",
          "!",
          "<",
          "\u0301",
          "\u200D",
          "😀");

  @Test
  void idsAndOffsetsEqualHuggingFacesWhateverTheFlags() {
    var vocabulary = HuggingFaceOracle.vocabulary();
    var random = new SplittableRandom(SEED);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 5_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(8); n > 0; n--) {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      texts.add(text.toString());
    }
    for (var normalization : List.of(Normalization.uncased(), Normalization.cased())) {
      var options = new TokenizerOptions(normalization, SpecialTokens.BERT, TOKENS, "##", 100);
      var tokenizer = new WordPieceTokenizer(vocabulary, options);
      try (var oracle = HuggingFaceOracle.with(normalization, vocabulary, TOKENS)) {
        int[][] expected = oracle.encode(texts);
        for (int i = 0; i < expected.length; i++) {
          String text = texts.get(i);
          String message = "%s, seed %d: \"%s\"".formatted(normalization, SEED, text);
          var encoding = tokenizer.encodeWithOffsets(text);
          assertArrayEquals(expected[i], encoding.ids(), message);
          int[][] spans = oracle.offsets(text);
          for (int j = 0; j < spans.length; j++) {
            int[] span = {encoding.starts()[j], encoding.ends()[j]};
            assertArrayEquals(spans[j], span, message);
          }
        }
      }
    }
  }

  @Test
  void anEmptyTokenIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> AddedToken.special(""));
  }
}
