package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WordPieceTokenizerTest {
  private static final long SEED = 20200709;
  private static final List<String> MINI_LM = HuggingFaceOracle.vocabulary();
  private static final WordPieceTokenizer TOKENIZER =
      new WordPieceTokenizer(MINI_LM, TokenizerOptions.bert(Normalization.uncased()));

  /** Ids: the place in this list. */
  private static final List<String> SMALL =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "star", "##ling", "##lings", "##s", "a",
          "!", "#", "##", "中", "e", "##́", "é", "sta", "##r");

  @Test
  void idsEqualHuggingFacesOnTenThousandLines() throws Exception {
    var lines = MixedText.lines(10_000, MINI_LM, SEED);
    assertEquals(10_000, lines.size());
    for (var normalization : List.of(Normalization.uncased(), Normalization.cased())) {
      try (var oracle = HuggingFaceOracle.with(normalization)) {
        requireEqual(oracle, MINI_LM, normalization, lines);
      }
    }
  }

  @Test
  void idsEqualHuggingFacesWhateverTheSteps() throws Exception {
    var lines = MixedText.lines(10_000, MINI_LM, SEED).subList(5_000, 7_000);
    for (Boolean stripAccents : Arrays.asList(null, true, false)) {
      for (int steps = 0; steps < 8; steps++) {
        var normalization =
            new Normalization((steps & 1) > 0, (steps & 2) > 0, stripAccents, (steps & 4) > 0);
        try (var oracle = HuggingFaceOracle.with(normalization)) {
          requireEqual(oracle, MINI_LM, normalization, lines);
        }
      }
    }
  }

  @Test
  void normalizedCharactersEqualHuggingFaces() throws Exception {
    var lines = MixedText.lines(10_000, MINI_LM, SEED);
    var vocabulary = ProbeVocabulary.entries();
    var normalization = Normalization.uncased();
    try (var oracle =
        HuggingFaceOracle.with(normalization, vocabulary, HuggingFaceOracle.addedTokens())) {
      requireEqual(oracle, vocabulary, normalization, lines);
    }
  }

  private static void requireEqual(
      HuggingFaceOracle oracle, List<String> vocabulary, Normalization n, List<String> lines) {
    var tokenizer = new WordPieceTokenizer(vocabulary, TokenizerOptions.bert(n));
    int[][] expected = oracle.encode(lines);
    for (int i = 0; i < expected.length; i++) {
      String line = lines.get(i);
      int number = i;
      assertArrayEquals(
          expected[i],
          tokenizer.encode(line),
          () -> "%s, seed %d, line %d: %s".formatted(n, SEED, number, MixedText.escape(line)));
    }
  }

  @Test
  void loneSurrogatesAreDroppedLikeHuggingFaceDoesWhenCleaning() {
    String text = "one \uD83D two\uDE00three \uDE00\uD83D";
    try (var oracle = HuggingFaceOracle.miniLm()) {
      // The native library itself turns what is not Unicode into U+FFFD.
      int[] expected = oracle.encodeRaw(text);
      assertArrayEquals(expected, TOKENIZER.encode(text));
      assertArrayEquals(expected, TOKENIZER.encode("one twothree"));
    }
  }

  @Test
  void offsetsEqualHuggingFaces() throws Exception {
    var texts = new ArrayList<>(RealText.ofRepository().subList(0, 300));
    texts.add("  Ünïcödé e\u0301te\u0301, 中文 😀 naïve[MASK]!");
    texts.add("\u0000\u200Bun\u0000know\u00ADn 한국어 " + "x".repeat(101) + " 👩‍👩‍👧‍👦");
    try (var oracle = HuggingFaceOracle.miniLm()) {
      for (String text : texts) {
        int[][] expected = oracle.offsets(text);
        var encoding = TOKENIZER.encodeWithOffsets(text);
        assertEquals(expected.length, encoding.ids().length);
        for (int i = 0; i < expected.length; i++) {
          int[] span = {encoding.starts()[i], encoding.ends()[i]};
          assertArrayEquals(expected[i], span, "token " + i + " of " + MixedText.escape(text));
        }
      }
    }
  }

  @Test
  void anEmptyTextIsItsFrame() {
    assertArrayEquals(new int[] {2, 3}, small().encode(""));
    assertArrayEquals(new int[0], small().encodeWithoutSpecials(" \t\n"));
  }

  @Test
  void theLongestPieceGoesFirst() {
    requireTokens("starlings", "star", "##lings");
    requireTokens("starlingss", "star", "##lings", "##s");
    requireTokens("star", "star");
    requireTokens("stars", "star", "##s");
  }

  @Test
  void aWordThatCannotBeSpelledIsUnknownAsAWhole() {
    requireTokens("starx", "[UNK]");
    requireTokens("starx star", "[UNK]", "star");
    requireTokens("lings", "[UNK]");
  }

  @Test
  void aGreedyFirstPieceIsNotTakenBack() {
    // "s" + "##tar" would do, but "sta" comes first.
    var tokenizer =
        new WordPieceTokenizer(
            List.of("[UNK]", "[CLS]", "[SEP]", "s", "sta", "##tar"),
            TokenizerOptions.bert(Normalization.uncased()));
    assertArrayEquals(new int[] {0}, tokenizer.encodeWithoutSpecials("star"));
  }

  @Test
  void punctuationIsAWordPerCharacter() {
    requireTokens("a!!a", "a", "!", "!", "a");
    requireTokens("##", "#", "#");
  }

  @Test
  void ideographsAreWords() {
    requireTokens("a中中a", "a", "中", "中", "a");
  }

  @Test
  void accentsAreStrippedBeforeLowering() {
    requireTokens("É é E\u0301", "e", "e", "e");
  }

  @Test
  void accentsStayWhenToldSo() {
    var tokenizer = small(new Normalization(true, true, false, true));
    assertArrayEquals(new int[] {16, 14, 15}, tokenizer.encodeWithoutSpecials("É e\u0301"));
  }

  @Test
  void controlCharactersVanishInsideWords() {
    requireTokens("st\u0000a\u200Br\uFFFDs\uE000", "star", "##s");
  }

  @Test
  void wordsOfAHundredCharactersAreSpelledLongerOnesAreUnknown() {
    var vocabulary = List.of("[UNK]", "[CLS]", "[SEP]", "😀", "##😀");
    var tokenizer =
        new WordPieceTokenizer(vocabulary, TokenizerOptions.bert(Normalization.uncased()));
    assertEquals(100, tokenizer.encodeWithoutSpecials("😀".repeat(100)).length);
    assertArrayEquals(new int[] {0}, tokenizer.encodeWithoutSpecials("😀".repeat(101)));
  }

  @Test
  void addedTokensAreFoundAsTheyStand() {
    requireTokens("a[MASK]a [CLS]", "a", "[MASK]", "a", "[CLS]");
    requireTokens("[mask]", "[UNK]", "[UNK]", "[UNK]");
  }

  @Test
  void anAddedTokenOutsideTheVocabularyGetsTheNextId() {
    var added = List.of(AddedToken.special("a"), AddedToken.special("<x>"));
    var options =
        new TokenizerOptions(Normalization.uncased(), SpecialTokens.BERT, added, "##", 100);
    var tokenizer = new WordPieceTokenizer(SMALL, options);
    assertArrayEquals(new int[] {9, SMALL.size()}, tokenizer.encodeWithoutSpecials("a<x>"));
    assertEquals("<x>", tokenizer.token(SMALL.size()));
    assertEquals(SMALL.size() + 1, tokenizer.size());
  }

  @Test
  void tokensAndIdsAreInverse() {
    for (int id = 0; id < MINI_LM.size(); id++) {
      assertEquals(MINI_LM.get(id), TOKENIZER.token(id));
    }
    assertEquals(OptionalInt.of(101), TOKENIZER.id("[CLS]"));
    assertEquals(OptionalInt.empty(), TOKENIZER.id("no such token"));
    assertEquals(MINI_LM.size(), TOKENIZER.size());
  }

  @Test
  void aVocabularyWithoutSpecialTokensIsRefusedByName() {
    var options = TokenizerOptions.bert(Normalization.uncased());
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new WordPieceTokenizer(List.of("[CLS]", "[SEP]"), options));
    assertEquals(
        "the vocabulary has no entry \"[UNK]\", which is the unknown token", error.getMessage());
  }

  @Test
  void timeGrowsLinearlyOnHostileText() {
    int n = 1 << 20;
    // Below, 302E and 1B44 stay and have to be sorted by combining class.
    for (String part : List.of("a", "\u0301\u0316", "\u302E\u1B44", "[", "[MASK", "中", "é", "#")) {
      String text = "a" + part.repeat(n / part.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> TOKENIZER.encode(text),
          () -> "repeating " + MixedText.escape(part));
    }
  }

  private static void requireTokens(String text, String... expected) {
    int[] ids = small().encodeWithoutSpecials(text);
    assertArrayEquals(expected, Arrays.stream(ids).mapToObj(SMALL::get).toArray(), text);
  }

  private static WordPieceTokenizer small() {
    return small(Normalization.uncased());
  }

  private static WordPieceTokenizer small(Normalization normalization) {
    return new WordPieceTokenizer(SMALL, TokenizerOptions.bert(normalization));
  }
}
