package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import io.github.starling.text.HuggingFaceOracle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PieceTokenizerTest {
  @TempDir Path folder;

  @Test
  void huggingFacesLibraryDecodesWhatIsWritten() {
    try (var oracle = oracle()) {
      assertEquals("ab c", oracle.decode(ids("▁ab", "▁", "c")));
      assertEquals(" ab", oracle.decode(ids("▁", "▁ab")));
      assertEquals("é\n€", oracle.decode(ids("é", "<0x0A>", "<0xE2>", "<0x82>", "<0xAC>")));
      assertEquals("ab", oracle.decode(ids("<s>", "▁ab", "</s>", "<unk>")));
      assertEquals("", oracle.decode());
    }
  }

  @Test
  void huggingFacesLibraryMergesAsWritten() {
    try (var oracle = oracle()) {
      assertArrayEquals(ids("▁ab", "ab", "▁ab", "▁", "c"), oracle.encode("abab ab c"));
      assertArrayEquals(ids("▁", "é", "<0xE2>", "<0x82>", "<0xAC>"), oracle.encode("é€"));
    }
  }

  @Test
  void whatIsEncodedIsDecodedAgain() {
    var random = new Random(5);
    try (var oracle = oracle()) {
      for (int i = 0; i < 100; i++) {
        var text = new StringBuilder();
        for (int n = random.nextInt(30); n > 0; n--) {
          text.append("abcé€ \n".charAt(random.nextInt(7)));
        }
        assertEquals(text.toString(), oracle.decode(oracle.encode(text.toString())));
      }
    }
  }

  @Test
  void whatIsWrittenIsReadTheSame() throws Exception {
    Path file =
        Files.write(folder.resolve("tokenizer.json"), Json.file(PieceTokenizer.json(tiny())));
    assertEquals(TinyMoonshine.PIECES, PieceTokenizer.read(file));
  }

  private static HuggingFaceOracle oracle() {
    String json = Json.write(PieceTokenizer.json(tiny()));
    return HuggingFaceOracle.of(new Gson().fromJson(json, com.google.gson.JsonObject.class));
  }

  private static PieceLiterals tiny() {
    return new PieceLiterals(TinyMoonshine.PIECES, TinyMoonshine.MERGES);
  }

  private static int[] ids(String... pieces) {
    var ids = new int[pieces.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = TinyMoonshine.PIECES.indexOf(pieces[i]);
    }
    return ids;
  }
}
