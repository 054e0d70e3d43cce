package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedPromptTest {
  @TempDir Path model;

  @BeforeEach
  void write() throws IOException {
    TinyModel.writeWithHeads(model);
  }

  private void prompts(String usual) throws IOException {
    Files.writeString(
        model.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"a b \", \"passage\": \"c \"}, \"default_prompt_name\": %s}"
            .formatted(usual));
  }

  private CommandRun embed(Object... args) {
    var words = new ArrayList<Object>(List.of("embed", "--model", model));
    words.addAll(List.of(args));
    return CommandRun.of(model, words.toArray());
  }

  @Test
  void thePromptGoesBeforeEachText() throws IOException {
    float[] expected;
    try (var embedder = Embedder.open(model)) {
      expected = embedder.embed("a b d").vector();
    }
    prompts("\"passage\"");
    var run = embed("--json", "--text", "c", "--text", "d", "--prompt", "query");
    assertEquals(0, run.status(), run.err());
    var line = run.out().lines().skip(1).findFirst().orElseThrow();
    var json = JsonParser.parseString(line).getAsJsonObject();
    assertEquals("d", json.get("text").getAsString());
    assertEquals(5, json.get("tokens").getAsInt());
    var vector = json.getAsJsonArray("embedding");
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], vector.get(i).getAsFloat());
    }
  }

  @Test
  void anUnknownPromptIsNamed() throws IOException {
    embed("--text", "d", "--prompt", "query")
        .refused(1, "this model has no prompts, so none named query");
    prompts("null");
    for (String how : List.of("window", "error")) {
      embed("--text", "d", "--prompt", "clustering", "--long", how)
          .refused(1, "this model's prompts are [query, passage], not clustering");
    }
  }

  @Test
  void aTextIsTooLongWithItsPrompt() throws IOException {
    String text = TinyModel.text(27, 1);
    assertEquals(0, embed("--text", text, "--long", "error").status());
    prompts("\"query\"");
    String refusal = "--text 1: the text has %d tokens but the model reads 30 at once; see --long";
    embed("--text", text, "--long", "error").refused(1, refusal.formatted(31));
    embed("--text", text, "--long", "error", "--prompt", "query").refused(1, refusal.formatted(31));
    assertEquals(0, embed("--text", text, "--long", "error", "--prompt", "passage").status());
  }
}
