package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WordPieceTokenizerProperties {
  private static final List<String> VOCABULARY = HuggingFaceOracle.vocabulary();
  private static final WordPieceTokenizer UNCASED =
      new WordPieceTokenizer(VOCABULARY, TokenizerOptions.bert(Normalization.uncased()));
  private static final HuggingFaceOracle ORACLE = HuggingFaceOracle.miniLm();

  /** Any UTF-16 at all, and characters that BERT's rules are about. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().all().ofMaxLength(8),
            Arbitraries.strings().withChars("aeiou XYZ.,#\t\u0301\u0327").ofMaxLength(12),
            Arbitraries.strings().withCharRange('\uD800', '\uDFFF').ofMaxLength(4),
            Arbitraries.of("[MASK]", "[SEP]", "中文", "ﬁ", "Å", "İ", "ΑΣ", "한", "\u200D", "😀", "##"))
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Property
  void idsEqualHuggingFaces(@ForAll("texts") String text) {
    assertArrayEquals(ORACLE.encode(text), UNCASED.encode(text));
    assertArrayEquals(ORACLE.encodeWithoutSpecials(text), UNCASED.encodeWithoutSpecials(text));
  }

  @Property
  void aSpaceSeparatesAnyTexts(@ForAll("texts") String left, @ForAll("texts") String right) {
    int[] both =
        IntStream.concat(
                Arrays.stream(UNCASED.encodeWithoutSpecials(left)),
                Arrays.stream(UNCASED.encodeWithoutSpecials(right)))
            .toArray();
    assertArrayEquals(both, UNCASED.encodeWithoutSpecials(left + " " + right));
  }

  @Property
  void theFrameGoesAroundTheText(@ForAll("texts") String text) {
    int[] ids = UNCASED.encode(text);
    assertEquals("[CLS]", UNCASED.token(ids[0]));
    assertEquals("[SEP]", UNCASED.token(ids[ids.length - 1]));
    assertArrayEquals(
        UNCASED.encodeWithoutSpecials(text), Arrays.copyOfRange(ids, 1, ids.length - 1));
  }

  @Property
  void offsetsRiseAndStayInTheText(@ForAll("texts") String text) {
    var encoding = UNCASED.encodeWithOffsets(text);
    assertArrayEquals(UNCASED.encode(text), encoding.ids());
    int last = encoding.ids().length - 1;
    for (int i = 1; i < last; i++) {
      int start = encoding.starts()[i];
      int end = encoding.ends()[i];
      assertTrue(0 <= start && start < end && end <= text.length(), start + " to " + end);
      assertTrue(encoding.starts()[i - 1] <= start && encoding.ends()[i - 1] <= end);
    }
  }
}
