package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextVectorsTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    TinyModel.writeWithHeads(folder);
  }

  @Test
  void aPromptTheModelHasGoesBeforeEachText() throws Exception {
    prompts("{\"query\": \"a \", \"passage\": \"b c \"}", "null");
    reads("query", "a d");
    reads("passage", "b c d");
    reads("clustering", "d");
  }

  @Test
  void theUsualPromptComesWhereNoOtherFitsAndNeverBesideOne() throws Exception {
    prompts("{\"query\": \"a \", \"passage\": \"b c \"}", "\"passage\"");
    reads("query", "a d");
    reads("passage", "b c d");
    reads("clustering", "b c d");
  }

  @Test
  void equalsAreNoQueriesWherePassagesHaveNoPrompt() throws Exception {
    prompts("{\"query\": \"a \", \"passage\": \"b c \"}", "null");
    readsEquals("a d");
    prompts("{\"query\": \"a \", \"passage\": \"\"}", "null");
    readsEquals("d");
    prompts("{\"query\": \"a \"}", "null");
    readsEquals("d");
  }

  private void readsEquals(String expected) throws Exception {
    try (var embedder = TinyTasks.embedder(folder, 1)) {
      var vectors = TextVectors.ofEquals(embedder, List.of("d"));
      assertArrayEquals(
          embedder.tokenizer().encode(expected), vectors.sequences().getFirst().ids());
    }
  }

  @Test
  void aModelWithoutPromptsReadsTheTextAlone() throws Exception {
    reads("query", "d");
  }

  private void prompts(String texts, String usual) throws Exception {
    Files.writeString(
        folder.resolve("config_sentence_transformers.json"),
        "{\"prompts\": %s, \"default_prompt_name\": %s}".formatted(texts, usual));
  }

  /** Checks what becomes of the text d, both as tokens and as a vector. */
  private void reads(String prompt, String expected) throws Exception {
    Path plain = Files.createTempDirectory(folder, "plain");
    TinyModel.writeWithHeads(plain);
    try (var embedder = TinyTasks.embedder(folder, 1);
        var without = TinyTasks.embedder(plain, 1)) {
      var vectors = TextVectors.of(embedder, List.of("d", "d"), prompt);
      float[][] found = vectors.embed(new FullAttention(), 0, _ -> {});
      assertEquals(2, found.length);
      assertArrayEquals(without.embed(expected).vector(), found[1], prompt);
      assertArrayEquals(
          without.tokenizer().encode(expected), vectors.sequences().get(1).ids(), prompt);
    }
  }
}
