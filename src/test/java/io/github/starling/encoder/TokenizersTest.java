package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.attention.FullAttention;
import io.github.starling.model.ModelFolder;
import io.github.starling.model.ModelType;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
  @TempDir Path folder;

  /** Two closing tokens stand between the texts of a pair, and all types are 0. */
  @Test
  void aRobertaReadsPairsAsItDoes() throws Exception {
    var tiny = new TinyModel(ModelType.ROBERTA);
    tiny.questionOutputs = 2;
    tiny.write(folder);
    writeBytePairs();
    try (var model = QuestionAnswerer.open(folder, 1)) {
      var options = new QuestionAnswerer.Options(30, 4, 3, LongText.ERROR, 1);
      var query = new QuestionAnswerer.Query("ab", "a ab b");
      var pair = model.sequences(query, options).getFirst();
      assertArrayEquals(new int[] {0, 5, 1, 1, 3, 7, 6, 4, 1}, pair.ids());
      assertArrayEquals(new int[9], pair.types());
      var answer = model.answer(List.of(query), options, new FullAttention()).getFirst().getFirst();
      assertEquals(query.text().substring(answer.start(), answer.end()), answer.text());
    }
  }

  @Test
  void aBytePairTokenizerIsMadeAsTheFolderSays() throws Exception {
    new TinyModel().write(folder);
    writeBytePairs();
    try (var arena = Arena.ofConfined()) {
      var tokenizer = Tokenizers.of(ModelFolder.open(folder, arena).tokenizer());
      assertArrayEquals(new int[] {0, 5, 7, 2, 4, 1}, tokenizer.encode("ab ab <mask>b"));
      assertEquals(OptionalInt.of(2), tokenizer.mask());
      assertEquals(2, tokenizer.frame().between());
      assertEquals(" ab", tokenizer.text(7));
    }
  }

  private void writeBytePairs() throws Exception {
    Files.delete(folder.resolve("vocab.txt"));
    Files.writeString(
        folder.resolve("vocab.json"),
        "{\"<s>\":0,\"</s>\":1,\"<mask>\":2,\"a\":3,\"b\":4,\"ab\":5,\"Ġ\":6,\"Ġab\":7}");
    Files.writeString(folder.resolve("merges.txt"), "a b\nĠ ab\n");
  }
}
