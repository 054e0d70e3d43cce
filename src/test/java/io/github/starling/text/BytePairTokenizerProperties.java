package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.text.BytePairOptions.ByteLevel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BytePairTokenizerProperties {
  private static final BytePairOptions ROBERTA = BytePairOptions.roberta(Roberta.MERGES);
  private static final BytePairTokenizer TOKENIZER =
      new BytePairTokenizer(Roberta.VOCABULARY, ROBERTA);

  /** Finds no added tokens, which take whitespace along. */
  private static final BytePairTokenizer PLAIN =
      new BytePairTokenizer(
          Roberta.VOCABULARY,
          new BytePairOptions(
              ROBERTA.merges(), ROBERTA.specials(), List.of(), 2, ByteLevel.ROBERTA));

  private static final HuggingFaceOracle ORACLE =
      HuggingFaceOracle.of(Roberta.json(Roberta.VOCABULARY, ROBERTA));

  /** Any UTF-16 at all, and characters that GPT-2's words are about. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().all().ofMaxLength(8),
            Arbitraries.strings().withChars("aelst  '\t\n\u00A01,").ofMaxLength(12),
            Arbitraries.strings().withCharRange('\uD800', '\uDFFF').ofMaxLength(4),
            Arbitraries.of("<mask>", "</s>", "'re", "'LL", "中文", "²", "\u0301", "😀", "Ġ"))
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Property
  void idsEqualHuggingFaces(@ForAll("texts") String text) {
    assertArrayEquals(ORACLE.encode(text), TOKENIZER.encode(text));
    assertArrayEquals(ORACLE.encodeWithoutSpecials(text), TOKENIZER.encodeWithoutSpecials(text));
  }

  @Property
  void offsetsEqualHuggingFaces(@ForAll("texts") String text) {
    String wellFormed = new String(Utf16.wellFormed(text));
    var encoding = TOKENIZER.encodeWithOffsets(text);
    int[][] expected = ORACLE.offsets(wellFormed);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], new int[] {encoding.starts()[i], encoding.ends()[i]});
    }
  }

  @Property
  void tokensSpellTheText(@ForAll("texts") String text) {
    String spelled =
        Arrays.stream(PLAIN.encodeWithoutSpecials(text))
            .mapToObj(PLAIN::token)
            .collect(Collectors.joining());
    assertEquals(new String(Utf16.wellFormed(text)), ByteAlphabet.decode(spelled));
  }
}
