package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordNormalizerTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"But, our Nation has problems.\", but our nation has problems",
        "twenty-five—or—more – now, twenty five or more now",
        "don't DON’T rock ‘n’ roll, don't don't rock n roll",
        "the dogs' tails 'tis O'Brien, the dogs tails tis o'brien",
        "\"1,000 and 3.5 of $5%\", 1000 and 35 of 5",
        "wait...what… and/or e.g. U.S., wait what and or eg us",
        "\"«Grüße», (fins) [x] “y”\", grüße fins x y",
        "Mr. Stubb's Mrs. Dr Hmr, mister stubb's missus doctor hmr",
        "ﬁne Ｆｕｌｌ x² ½, fine full x2 1 2",
        "cafe\u0301 naïve, café naïve",
        "हिन्दी भाषा, हिन्दी भाषा",
        "a\u00A0b\tc\u2003d, a b c d",
        "soft\u00ADhyphen, softhyphen",
        "5 − 3, 5 3",
        "İstanbul, i\u0307stanbul",
        "𝐁old 𐐀, bold 𐐨"
      })
  void wordsAreWhatIsHeard(String text, String words) {
    assertEquals(words, String.join(" ", WordNormalizer.words(text)));
  }

  @Test
  void noWordsAreLeftOfMarks() {
    assertEquals(List.of(), WordNormalizer.words(" \u0301 ... — ' '' \" \t\n"));
    assertEquals(List.of(), WordNormalizer.words(""));
  }
}
