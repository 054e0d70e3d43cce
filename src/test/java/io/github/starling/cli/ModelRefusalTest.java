package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.encoder.MiniLm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say to a model folder that is not as it must be. */
class ModelRefusalTest {
  @TempDir Path folder;

  /** A folder with links to the files of a good model. */
  @BeforeEach
  void model() throws Exception {
    try (Stream<Path> files = Files.list(MiniLm.folder())) {
      for (Path file : files.toList()) {
        Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
      }
    }
  }

  @Test
  void aGoodModelIsNotRefused() {
    assertEquals(0, embed().status());
  }

  @Test
  void aModelWithoutTokenizer() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    embed()
        .refused(
            1,
            folder + ": the model folder has neither tokenizer.json nor vocab.txt nor vocab.json");
  }

  @Test
  void aModelWithoutWeights() throws IOException {
    Files.delete(folder.resolve("model.safetensors"));
    embed().refused(1, folder + ": the model folder has no model.safetensors");
  }

  @Test
  void anUnknownArchitecture() throws IOException {
    changeConfig("\"bert\"", "\"llama\"");
    isRefusedWith("llama");
  }

  @Test
  void anUnknownActivation() throws IOException {
    changeConfig("\"gelu\"", "\"swish\"");
    isRefusedWith("swish");
  }

  @Test
  void truncatedWeights() throws IOException {
    Path weights = folder.resolve("model.safetensors");
    Path whole = weights.toRealPath();
    Files.delete(weights);
    try (var from = FileChannel.open(whole);
        var to =
            FileChannel.open(weights, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      from.transferTo(0, 1_000_000, to);
    }
    isRefusedWith("model.safetensors, byte ");
  }

  private void changeConfig(String old, String other) throws IOException {
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    assertTrue(text.contains(old), text);
    Files.delete(config);
    Files.writeString(config, text.replace(old, other));
  }

  private void isRefusedWith(String part) {
    var run = embed();
    assertTrue(run.err().contains(folder.toString()), run.err());
    assertTrue(run.err().contains(part), run.err());
    run.refused(1, run.err().strip().substring("starling: ".length()));
  }

  private CommandRun embed() {
    return CommandRun.of(folder, "embed", "--model", folder, "--text", "a bird");
  }
}
