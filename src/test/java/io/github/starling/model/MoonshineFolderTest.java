package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoonshineFolderTest {
  private static final String QUERY = "model.encoder.layers.1.self_attn.q_proj.weight";

  @TempDir Path temporary;
  private final Arena arena = Arena.ofConfined();
  private Path folder;

  @BeforeEach
  void importTinyModel() throws IOException {
    folder = temporary.resolve("model");
    var source = Files.createDirectory(temporary.resolve("source"));
    ModelImport.run(new TinyMoonshine().write(source), folder, ModelImport.Options.DEFAULT);
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void aMissingFolderIsNamed() {
    folder = temporary.resolve("none");
    refused(": no such model folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
  void aMissingFileIsNamed(String name) throws IOException {
    Files.delete(folder.resolve(name));
    refused(": the model folder has no " + name);
  }

  @Test
  void anEncoderOfWordsIsNoSpeechRecogniser() throws IOException {
    var source = Files.createDirectory(temporary.resolve("bert"));
    folder = temporary.resolve("words");
    ModelImport.run(new TinyBert().write(source), folder, ModelImport.Options.DEFAULT);
    refused("/config.json, byte 0: model_type \"bert\" is not supported: moonshine is");
  }

  @Test
  void aSpeechRecogniserIsNoEncoderOfWords() {
    var e = assertThrows(FormatException.class, () -> ModelFolder.open(folder, arena));
    assertTrue(e.getMessage().contains("model_type \"moonshine\" is not supported"), e::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "vocab_size":290        | "vocab_size":291        | [290, 12] but config.json calls for [291, 12]
          "hidden_size":12        | "hidden_size":14        | [12, 1, 127] but config.json calls for [14, 1, 127]
          "intermediate_size":10  | "intermediate_size":11  | [10, 12] but config.json calls for [11, 12]
          "decoder_num_hidden_layers":1 | "decoder_num_hidden_layers":2 | no tensor is named "model.decoder.layers.1.
          "decoder_num_hidden_layers":1 | "decoder_num_hidden_layers":2147483647 | calls for 2147483649 layers but there are only 45 tensors
          """)
  void sizesThatTheWeightsDoNotHaveAreNamed(String from, String to, String problem)
      throws IOException {
    edit("config.json", from, to);
    refused(problem);
  }

  @Test
  void everyTensorMustBeThere() throws IOException {
    for (String name : Safetensors.open(folder.resolve("model.safetensors"), arena).names()) {
      rewrite(tensor -> tensor.name().equals(name) ? null : tensor);
      refused("/model.safetensors, byte 8: no tensor is named \"" + name + '"');
      importAgain();
    }
  }

  @Test
  void aTensorThatIsNotOfFloatsIsNamed() throws IOException {
    rewrite(
        t -> t.name().equals(QUERY) ? new StoredTensor(QUERY, DType.I32, t.shape(), t.data()) : t);
    refused("tensor " + QUERY + " is of I32 but F32, F16 or BF16 is needed");
  }

  @Test
  void tensorsAreFoundByName() throws IOException {
    var opened = open();
    assertEquals(folder, opened.path());
    assertEquals(List.of(12L, 12L), opened.tensor(QUERY).shape());
    assertTrue(opened.hasTensor(QUERY));
    assertFalse(opened.hasTensor("proj_out.weight"));
    assertThrows(FormatException.class, () -> opened.tensor("proj_out.weight"));
  }

  @Test
  void piecesStandInTheOrderOfTheirIds() throws IOException {
    var pieces = open().pieces();
    assertEquals(TinyMoonshine.PIECES, pieces);
    assertThrows(UnsupportedOperationException.class, () -> pieces.add("x"));
  }

  @Test
  void aTokenizerOfAnotherKindIsNamed() throws IOException {
    edit("tokenizer.json", "\"type\":\"BPE\"", "\"type\":\"Unigram\"");
    refused("model type \"Unigram\" is not supported: BPE is");
    edit("tokenizer.json", "\"type\":\"Unigram\"", "\"type\":\"BPE\"");
    edit("tokenizer.json", "\"byte_fallback\":true", "\"byte_fallback\":false");
    refused("model.byte_fallback must be true");
  }

  @Test
  void morePiecesThanEmbeddingsAreRefused() throws IOException {
    var more = new StringBuilder();
    for (int id = TinyMoonshine.PIECES.size(); id <= 290; id++) {
      more.append(",\"p").append(id).append("\":").append(id);
    }
    edit("tokenizer.json", "\"▁ab\":265", "\"▁ab\":265" + more);
    refused("/tokenizer.json, byte 0: 291 pieces are in it but the model calls for 3 to 290");
  }

  private void importAgain() throws IOException {
    var options = new ModelImport.Options(null, null, true);
    ModelImport.run(temporary.resolve("source"), folder, options);
  }

  private void rewrite(UnaryOperator<StoredTensor> change) throws IOException {
    var file = Safetensors.open(folder.resolve("model.safetensors"), arena);
    var parts = new ArrayList<SafetensorsWriter.Part>();
    for (String name : file.names()) {
      var changed = change.apply(file.tensor(name));
      if (changed != null) {
        parts.add(SafetensorsWriter.Part.of(changed));
      }
    }
    SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), parts);
  }

  private void edit(String name, String from, String to) throws IOException {
    String text = Files.readString(folder.resolve(name));
    assertTrue(text.contains(from), () -> from + " in " + text);
    Files.writeString(folder.resolve(name), text.replace(from, to));
  }

  private MoonshineFolder open() throws IOException {
    return MoonshineFolder.open(folder, arena);
  }

  private void refused(String problem) {
    var e = assertThrows(IOException.class, this::open);
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
  }
}
