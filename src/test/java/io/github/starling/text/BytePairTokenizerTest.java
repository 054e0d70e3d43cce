package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.starling.text.BytePairOptions.ByteLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BytePairTokenizerTest {
  private static final long SEED = 20190726;
  private static final BytePairOptions ROBERTA = BytePairOptions.roberta(Roberta.MERGES);
  private static final BytePairTokenizer TOKENIZER =
      new BytePairTokenizer(Roberta.VOCABULARY, ROBERTA);

  /** Code points per text: the native library is slow on many short texts. */
  private static final int CHUNK = 256;

  @Test
  void idsEqualHuggingFacesOnTenThousandLines() throws Exception {
    var lines = lines(10_000);
    requireEqual(Roberta.VOCABULARY, ROBERTA, lines);
    requireEqual(Roberta.VOCABULARY, with(true, true, true), lines);
    requireEqual(Roberta.VOCABULARY, with(true, false, true), lines.subList(4_000, 6_000));
  }

  @Test
  void allEnglishEndingsEqualHuggingFaces() {
    var texts = new ArrayList<String>();
    for (char c = 'A'; c <= 'z'; c++) {
      for (char d = 'A'; d <= 'z'; d++) {
        texts.add("I'" + c + d + "b '" + c + d + " '" + c);
      }
    }
    requireEqual(Roberta.VOCABULARY, ROBERTA, texts);
  }

  @Test
  void aWordOfAHundredThousandLettersEqualsHuggingFaces() {
    String letters =
        new SplittableRandom(SEED)
            .ints(100_000, 0, 26)
            .mapToObj(i -> "etaoinshrdlucmfwypvbgkjqxz".substring(i, i + 1))
            .collect(Collectors.joining());
    requireEqual(Roberta.VOCABULARY, ROBERTA, List.of(letters, "a".repeat(100_000)));
  }

  /** Lines with the words and the special tokens of this vocabulary. */
  private static List<String> lines(int count) throws Exception {
    var words = IntStream.range(0, TOKENIZER.size()).mapToObj(TOKENIZER::text).toList();
    return MixedText.lines(count, words, SEED).stream()
        .map(
            line ->
                line.replace("[MASK]", "<mask>")
                    .replace("[SEP]", "</s>")
                    .replace("[CLS]", "<s>")
                    .replace("[PAD]", "<pad>"))
        .toList();
  }

  private static BytePairOptions with(boolean prefix, boolean regex, boolean trim) {
    var byteLevel = new ByteLevel(prefix, regex, trim);
    return new BytePairOptions(
        ROBERTA.merges(), ROBERTA.specials(), ROBERTA.added(), ROBERTA.between(), byteLevel);
  }

  private static void requireEqual(
      List<String> vocabulary, BytePairOptions options, List<String> texts) {
    var tokenizer = new BytePairTokenizer(vocabulary, options);
    try (var oracle = HuggingFaceOracle.of(Roberta.json(vocabulary, options))) {
      int[][] expected = oracle.encode(texts);
      assertEquals(texts.size(), expected.length);
      for (int i = 0; i < expected.length; i++) {
        String text = texts.get(i);
        assertArrayEquals(
            expected[i],
            tokenizer.encode(text),
            () -> "%s, seed %d: %s".formatted(options.byteLevel(), SEED, MixedText.escape(text)));
      }
    }
  }

  @Test
  void eachCodePointEqualsHuggingFaces() {
    // A letter, a digit and a line end merge with each byte beside them in their word.
    var bytes = IntStream.range(0, 256).mapToObj(b -> "" + ByteAlphabet.charOf(b)).toList();
    var tokens = new ArrayList<>(bytes);
    var merges = new ArrayList<String>();
    for (char edge : "a1\n".toCharArray()) {
      String e = "" + ByteAlphabet.charOf(edge);
      for (String b : bytes) {
        merges.add(e + " " + b);
        merges.add(b + " " + e);
      }
    }
    merges.stream().map(merge -> merge.replace(" ", "")).distinct().forEach(tokens::add);
    var texts = new ArrayList<String>();
    for (int start = 0; start <= Character.MAX_CODE_POINT; start += CHUNK) {
      // planes 0 and 1, ideographs, tags; what is left has one of each chunk
      boolean hasCharacters = start < 0x40000 || start >> 12 == 0xE0;
      var text = new StringBuilder();
      for (int c = start; c < start + (hasCharacters ? CHUNK : 1); c++) {
        if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
          String s = Character.toString(c);
          text.append('a' + s + "a ").append(c < 0x20000 ? '1' + s + "1 " + s + "\n\n" : "");
        }
      }
      texts.add(text.toString());
    }
    requireEqual(Roberta.vocabulary(tokens), BytePairOptions.roberta(merges), texts);
  }

  @Test
  void offsetsEqualHuggingFaces() throws Exception {
    var texts = new ArrayList<>(RealText.ofLocales().subList(0, 300));
    texts.addAll(RealText.ofRepository().subList(0, 300));
    texts.addAll(
        List.of(
            "  Ünïcödé e\u0301te\u0301, 中文 😀 naïve <mask>!",
            "𝒳 <mask>𝒳<mask>  two\t\n  <s>é</s> é   ",
            " ",
            "   <mask>   x",
            "\u00A0\u3000 👩‍👩‍👧‍👦"));
    for (var options :
        List.of(
            ROBERTA,
            with(true, true, true),
            with(true, false, true),
            with(false, true, false),
            with(true, true, false))) {
      requireEqualOffsets(options, texts);
    }
  }

  private static void requireEqualOffsets(BytePairOptions options, List<String> texts) {
    var tokenizer = new BytePairTokenizer(Roberta.VOCABULARY, options);
    try (var oracle = HuggingFaceOracle.of(Roberta.json(Roberta.VOCABULARY, options))) {
      for (String text : texts) {
        int[][] expected = oracle.offsets(text);
        var encoding = tokenizer.encodeWithOffsets(text);
        assertArrayEquals(oracle.encode(text), encoding.ids());
        for (int i = 0; i < expected.length; i++) {
          int[] span = {encoding.starts()[i], encoding.ends()[i]};
          String token = tokenizer.token(encoding.ids()[i]);
          assertArrayEquals(
              expected[i], span, i + ", " + token + " of " + text + ", " + options.byteLevel());
        }
      }
    }
  }

  @Test
  void addedTokensOfAllFlagsEqualHuggingFaces() {
    var added =
        new ArrayList<>(
            List.of(
                new AddedToken("<r>", false, false, true, false),
                new AddedToken("<w>", true, false, false, true),
                new AddedToken(" <b> ", false, false, false, true),
                new AddedToken("Word", true, true, true, false)));
    added.addAll(ROBERTA.added());
    var parts = List.of("<r>", "<w>", " <b> ", "Word", "<mask>", "</s>", " ", "\n", "a", "é", "<");
    var random = new SplittableRandom(SEED);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 1_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(8); n > 0; n--) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      texts.add(text.toString());
    }
    for (var byteLevel : List.of(ByteLevel.ROBERTA, new ByteLevel(true, true, true))) {
      requireEqualOffsets(
          new BytePairOptions(ROBERTA.merges(), ROBERTA.specials(), added, 2, byteLevel), texts);
    }
  }

  @Test
  void theLowestRankMergesFirstAndOfOneRankTheLeftmost() {
    requireTokens(List.of("b c", "a b"), "abc", "a", "bc");
    requireTokens(List.of("a b", "b c"), "abc", "ab", "c");
    requireTokens(List.of("a a", "aa aa"), "aaaaaaa", "aaaa", "aa", "a");
  }

  @Test
  void anyOrderOfMergesEqualsHuggingFaces() {
    var merges = new ArrayList<>(List.of("c d", "a b", "ab c", "b c", "a bc"));
    var vocabulary = Roberta.vocabulary(List.of("a", "b", "c", "d", "cd", "ab", "abc", "bc"));
    var random = new Random(SEED);
    for (int i = 0; i < 100; i++) {
      Collections.shuffle(merges, random);
      requireEqual(
          vocabulary,
          BytePairOptions.roberta(merges),
          List.of("abc", "abcd", "abcabcd", "bcabcabcdabcab"));
    }
  }

  private static void requireTokens(List<String> merges, String text, String... expected) {
    var vocabulary = new ArrayList<>(List.of("<s>", "</s>", "a", "b", "c"));
    merges.forEach(merge -> vocabulary.add(merge.replace(" ", "")));
    var tokenizer = new BytePairTokenizer(vocabulary, BytePairOptions.roberta(merges));
    int[] ids = tokenizer.encodeWithoutSpecials(text);
    assertArrayEquals(expected, Arrays.stream(ids).mapToObj(tokenizer::token).toArray(), text);
  }

  @Test
  void bytesThatTheVocabularyLacksAreUnknownOrLeftOut() {
    var vocabulary = List.of("<s>", "</s>", "<unk>", "a");
    assertArrayEquals(new int[] {3, 3}, unknown(null, vocabulary).encodeWithoutSpecials("aéa"));
    assertArrayEquals(
        new int[] {3, 2, 2, 3}, unknown("<unk>", vocabulary).encodeWithoutSpecials("aéa"));
    var error = assertThrows(IllegalArgumentException.class, () -> unknown("<x>", vocabulary));
    assertEquals(
        "the vocabulary has no entry \"<x>\", which is the unknown token", error.getMessage());
  }

  private static BytePairTokenizer unknown(String unknown, List<String> vocabulary) {
    var specials = new SpecialTokens(unknown, "<s>", "</s>", "<mask>");
    return new BytePairTokenizer(
        vocabulary, new BytePairOptions(List.of(), specials, List.of(), 2, ByteLevel.ROBERTA));
  }

  @Test
  void aMergeOfOtherTokensIsRefused() {
    for (var merge : List.of("a", "a x", "x a", "a a")) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new BytePairTokenizer(
                  List.of("<s>", "</s>", "a", "xa", "ax"),
                  BytePairOptions.roberta(List.of(merge))));
    }
  }

  @Test
  void loneSurrogatesCountAsTheReplacementCharacter() {
    int[] expected = TOKENIZER.encode("one \uFFFD two\uFFFDthree \uFFFD\uFFFD");
    assertArrayEquals(expected, TOKENIZER.encode("one \uD83D two\uDE00three \uDE00\uD83D"));
  }

  @Test
  void tokensSayWhatTheyStandFor() {
    assertEquals(" Paris", TOKENIZER.text(TOKENIZER.id("ĠParis").getAsInt()));
    assertEquals("é", TOKENIZER.text(TOKENIZER.id("Ã©").getAsInt()));
    assertEquals("\uFFFD", TOKENIZER.text(TOKENIZER.id("Ã").getAsInt()));
    assertEquals("\n", TOKENIZER.text(TOKENIZER.id("Ċ").getAsInt()));
    assertEquals("<mask>", TOKENIZER.text(TOKENIZER.mask().getAsInt()));
  }

  @Test
  void theFrameIsRobertas() {
    assertEquals(new Frame(0, 2, 2), TOKENIZER.frame());
    assertArrayEquals(new int[] {0, 2}, TOKENIZER.encode(""));
    assertEquals(OptionalInt.of(50_260), TOKENIZER.mask());
    assertEquals(50_261, TOKENIZER.size());
  }

  @Test
  void timeGrowsAlmostLinearlyOnHostileText() {
    int n = 1 << 20;
    for (String part :
        List.of("a", " ", "\n ", "<", "<mask", " <mask>", "é", "'", "'s", "-=", "1")) {
      String text = part.repeat(n / part.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(30), () -> TOKENIZER.encode(text), () -> "repeating " + part);
    }
  }
}
