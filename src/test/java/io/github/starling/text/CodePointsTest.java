package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every code point there is, in the places where it could matter, against Hugging Face. */
class CodePointsTest {
  /** Code points per text: the native library is slow on many short texts. */
  private static final int CHUNK = 256;

  private static final int ALL = Character.MAX_CODE_POINT + 1;

  /** Planes 0 and 1: beyond them are only ideographs, variation selectors and private use. */
  private static final int SCRIPTS = 0x20000;

  private static List<String> vocabulary;

  @BeforeAll
  static void readVocabulary() {
    vocabulary = ProbeVocabulary.entries();
  }

  @Test
  void eachCodePointBetweenLettersWithEveryStep() {
    requireEqual(Normalization.uncased(), ALL, c -> "a" + Character.toString(c) + "b");
  }

  @Test
  void eachCodePointAmongMarksWithEveryStep() {
    // Of the lowest, highest and two middle combining classes; two of them are no accents.
    requireEqual(
        Normalization.uncased(),
        SCRIPTS,
        c -> "a\u0345\u302E\u1B44" + Character.toString(c) + "\u1B44\u302E\u0334b");
  }

  @Test
  void eachCodePointOnItsOwnAsItIs() {
    requireEqual(new Normalization(false, false, false, false), ALL, Character::toString);
  }

  @Test
  void eachCodePointLoweredButNotStripped() {
    requireEqual(
        new Normalization(false, true, false, true),
        SCRIPTS,
        c -> "Σ" + Character.toString(c) + "Σ");
  }

  @Test
  void eachSurrogateCountsAsTheReplacementCharacter() {
    var tokenizer = new WordPieceTokenizer(vocabulary, options(Normalization.uncased()));
    var raw = new Normalization(false, false, false, false);
    var rawTokenizer = new WordPieceTokenizer(vocabulary, options(raw));
    for (char c = Character.MIN_SURROGATE; c <= Character.MAX_SURROGATE; c++) {
      String name = Integer.toHexString(c);
      assertArrayEquals(tokenizer.encode("ab"), tokenizer.encode("a" + c + "b"), name);
      assertArrayEquals(rawTokenizer.encode("\uFFFD b"), rawTokenizer.encode(c + " b"), name);
      assertArrayEquals(rawTokenizer.encode("b\uFFFD"), rawTokenizer.encode("b" + c), name);
    }
  }

  private static TokenizerOptions options(Normalization normalization) {
    return TokenizerOptions.bert(normalization);
  }

  private static void requireEqual(
      Normalization normalization, int limit, IntFunction<String> context) {
    var tokenizer = new WordPieceTokenizer(vocabulary, options(normalization));
    try (var oracle =
        HuggingFaceOracle.with(normalization, vocabulary, HuggingFaceOracle.addedTokens())) {
      var texts = new ArrayList<String>();
      for (int c = 0; c < limit; c += CHUNK) {
        texts.add(text(c, CHUNK, context));
      }
      int[][] expected = oracle.encode(texts);
      assertEquals(limit / CHUNK, expected.length);
      for (int i = 0; i < expected.length; i++) {
        if (!Arrays.equals(expected[i], tokenizer.encode(texts.get(i)))) {
          for (int c = i * CHUNK; c < (i + 1) * CHUNK; c++) {
            String text = text(c, 1, context);
            assertArrayEquals(
                oracle.encode(text), tokenizer.encode(text), "U+" + Integer.toHexString(c));
          }
          assertArrayEquals(expected[i], tokenizer.encode(texts.get(i)), texts.get(i));
        }
      }
    }
  }

  private static String text(int first, int count, IntFunction<String> context) {
    var text = new StringBuilder();
    for (int c = first; c < first + count; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.append(context.apply(c)).append(' ');
      }
    }
    return text.toString();
  }
}
