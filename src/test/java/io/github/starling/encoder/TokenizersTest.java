package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.model.ModelFolder;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
  @TempDir Path folder;

  @Test
  void aBytePairTokenizerIsMadeAsTheFolderSays() throws Exception {
    new TinyModel().write(folder);
    Files.delete(folder.resolve("vocab.txt"));
    Files.writeString(
        folder.resolve("vocab.json"),
        "{\"<s>\":0,\"</s>\":1,\"<mask>\":2,\"a\":3,\"b\":4,\"ab\":5,\"Ġ\":6,\"Ġab\":7}");
    Files.writeString(folder.resolve("merges.txt"), "a b\nĠ ab\n");
    try (var arena = Arena.ofConfined()) {
      var tokenizer = Tokenizers.of(ModelFolder.open(folder, arena).tokenizer());
      assertArrayEquals(new int[] {0, 5, 7, 2, 4, 1}, tokenizer.encode("ab ab <mask>b"));
      assertEquals(OptionalInt.of(2), tokenizer.mask());
      assertEquals(2, tokenizer.frame().between());
      assertEquals(" ab", tokenizer.text(7));
    }
  }
}
