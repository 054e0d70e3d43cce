package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoonshineImportTest {
  @TempDir Path temporary;
  private final Arena arena = Arena.ofConfined();
  private final TinyMoonshine moonshine = new TinyMoonshine();
  private Path source;
  private Path target;

  @BeforeEach
  void createFolders() throws IOException {
    source = Files.createDirectories(temporary.resolve("dist/model/small/quantized"));
    target = temporary.resolve("target");
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void everyWeightIsDequantisedAndUpright() throws Exception {
    moonshine.write(source);
    var folder = imported(source);
    var names = Safetensors.open(target.resolve("model.safetensors"), arena).names();
    assertEquals(moonshine.expected.keySet(), names);
    for (String name : names) {
      float[] found = folder.tensor(name).floats(arena).toArray(Matrix.FLOAT);
      assertArrayEquals(moonshine.expected.get(name), found, name);
    }
  }

  @Test
  void sizesAreReadOffTheGraphs() throws Exception {
    moonshine.write(source);
    assertEquals(
        new MoonshineConfig(290, 12, 2, 1, 2, 10, 4, 10_000, 194, 1, 2), imported(source).config());
    assertEquals(
        List.of("config.json", "generation_config.json", "model.safetensors", "tokenizer.json"),
        names(target));
  }

  @Test
  void theFrequenciesTellTheirBase() throws Exception {
    moonshine.frequencies = new float[] {1, 0.1f, 0.01f};
    moonshine.write(source);
    var config = imported(source).config();
    assertEquals(6, config.rotaryChannels());
    assertEquals(1000, config.ropeTheta());
  }

  @Test
  void piecesAreTakenFromTheScriptNearby() throws Exception {
    moonshine.writeGraphs(source);
    String minified = TinyMoonshine.script("let a=1;var b=").replace("\n\nconst", ",");
    Files.writeString(source.resolve("moonshine.min.js"), "no vocabulary");
    Files.writeString(temporary.resolve("dist/moonshine.min.js"), minified);
    assertEquals(TinyMoonshine.PIECES, imported(source).pieces());
  }

  @Test
  void piecesAreTakenFromADistAbove() throws Exception {
    Path place = Files.createDirectories(temporary.resolve("a/b/c/d"));
    moonshine.writeGraphs(place);
    Path script = temporary.resolve("dist/llama-tokenizer.js");
    Files.writeString(script, TinyMoonshine.script("const v = "));
    assertEquals(TinyMoonshine.PIECES, imported(place).pieces());
  }

  @Test
  void aScriptThatIsTooFarIsNotLookedFor() throws Exception {
    Path place = Files.createDirectories(temporary.resolve("a/b/c/d/e"));
    moonshine.writeGraphs(place);
    Files.writeString(temporary.resolve("llama-tokenizer.js"), TinyMoonshine.script("v="));
    refused(
        place, "no vocabulary: tokenizer.json in it, or llama-tokenizer.js or moonshine.min.js");
  }

  @Test
  void aTokenizerBesideTheGraphsComesFirst() throws Exception {
    moonshine.write(source);
    String json = "{\"model\":{\"type\":\"BPE\",\"byte_fallback\":true,\"vocab\":{";
    json += "\"<unk>\":0,\"<s>\":1,\"</s>\":2}}}";
    Files.writeString(source.resolve("tokenizer.json"), json);
    assertEquals(List.of("<unk>", "<s>", "</s>"), imported(source).pieces());
    assertEquals(json, Files.readString(target.resolve("tokenizer.json")));
  }

  @Test
  void theFolderAboveMayBeNamed() throws Exception {
    moonshine.write(source);
    imported(temporary);
    ModelImport.run(source.getParent(), temporary.resolve("b"), ModelImport.Options.DEFAULT);
  }

  @Test
  void ofSeveralSizesOneMustBeNamed() throws Exception {
    moonshine.write(source);
    moonshine.write(Files.createDirectories(temporary.resolve("dist/model/large/quantized")));
    refused(
        temporary,
        "which model is meant? import one of dist/model/large/quantized,"
            + " dist/model/small/quantized");
    imported(temporary.resolve("dist/model/large"));
  }

  @Test
  void oneGraphAloneIsNoMoonshine() throws Exception {
    moonshine.write(source);
    Files.delete(source.resolve("encoder_model.onnx"));
    refused(source, "decoder_model_merged.onnx: no tokenizer beside it");
  }

  @Test
  void aSpeechRecogniserHasNoEmbeddings() throws Exception {
    moonshine.write(source);
    for (var options :
        List.of(
            new ModelImport.Options(Pooling.MEAN, null, false),
            new ModelImport.Options(null, false, false))) {
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> ModelImport.run(source, target, options));
      assertTrue(e.getMessage().contains("speech recogniser"), e.getMessage());
      assertTrue(Files.notExists(target));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv1.weight_quantized",
        "conv3.bias",
        "onnx::MatMul_100_quantized",
        "onnx::MatMul_102_scale",
        "layers.1.input_layernorm.weight",
        "layers.1.mlp.fc2.bias",
        "layer_norm.weight",
        "onnx::MatMul_112_merged_0_quantized",
        "onnx::MatMul_115_merged_0_scale",
      })
  void aMissingTensorIsNamed(String name) throws Exception {
    moonshine.leftOut = name;
    moonshine.write(source);
    refused(source, "no tensor is named " + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.decoder.norm.weight", "model.decoder.layers.0.mlp.down_proj.bias"})
  void aMissingTensorOfBothBranchesIsNamed(String name) throws Exception {
    moonshine.leftOut = name + "_merged_0";
    moonshine.write(source);
    refused(source, "no tensor is named " + name);
  }

  @Test
  void headsMustBeThoseOfEveryLayer() throws Exception {
    moonshine.heads = new int[] {2, 3};
    moonshine.write(source);
    refused(source, "layer 1 has 3 heads but layer 0 has 2");
  }

  @Test
  void aRotationThatCannotBeIsRefused() throws Exception {
    moonshine.frequencies = new float[] {1, 0.1f, 0.02f};
    moonshine.write(source);
    refused(source, "pair 2 of the rotation turns by 0.02 but by the first two it must be 0.01");
    moonshine.frequencies = new float[] {1, 0.1f, 0.01f, 0.001f};
    moonshine.write(source);
    refused(source, "8 channels rotate but a head has only 6");
    for (float odd : new float[] {Float.NaN, 0, -1, 2, Float.POSITIVE_INFINITY}) {
      moonshine.frequencies = new float[] {1, odd};
      moonshine.write(source);
      refused(source, "of the rotation turns by");
    }
  }

  @Test
  void weightsThatDependOnTheBranchAreRefused() throws Exception {
    moonshine.isBranchOther = true;
    moonshine.write(source);
    refused(source, "has two weights: other_quantized and onnx::MatMul_121_merged_0_quantized");
  }

  @Test
  void aScaleForEachChannelIsRefused() throws Exception {
    moonshine.isScaledByChannel = true;
    moonshine.write(source);
    refused(source, "must be one F32, U8 or I8 but is F32 [2]");
  }

  @Test
  void aGraphThatIsNotQuantisedIsRefused() throws Exception {
    moonshine.write(source);
    Files.write(
        source.resolve("encoder_model.onnx"),
        new OnnxBuilder().node("MatMul", List.of("x", "w"), "y").build());
    refused(source, "no MatMulInteger makes /layers.0/self_attn/q_proj");
  }

  @Test
  void damagedVocabulariesAreRefused() throws Exception {
    moonshine.write(source);
    String whole = TinyMoonshine.script("v=");
    String end = whole.substring(whole.lastIndexOf(" \"") + 2, whole.lastIndexOf('"'));
    refusedScript(whole.replace(end, end.substring(1)), "damaged base64");
    refusedScript(whole.replace(" \"" + end, ""), "no merges follow the pieces of the vocabulary");
    refusedScript(whole.replace(end, "AAAA"), "merges take 4 bytes each but there are 3");
    refusedScript(
        whole.replace(end, TinyMoonshine.base64(new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF})),
        "merge 0 must be two pieces that make a third but is of 0 and 65535");
    refusedScript(
        whole.replace(end, TinyMoonshine.base64(new byte[] {3, 0, 4, 0})),
        "merge 0 must be two pieces that make a third but is of 3 and 4");
  }

  @Test
  void aVocabularyOfAnotherSizeThanTheModelsIsRefused() throws Exception {
    moonshine.writeGraphs(source);
    for (int n : new int[] {2, 291}) {
      var json =
          new StringBuilder("{\"model\":{\"type\":\"BPE\",\"byte_fallback\":true,\"vocab\":{");
      for (int i = 0; i < n; i++) {
        json.append(i == 0 ? "" : ",").append("\"p").append(i).append("\":").append(i);
      }
      Files.writeString(source.resolve("tokenizer.json"), json + "}}}");
      refused(source, n + " pieces are in it but the model calls for 3 to 290");
    }
  }

  private void refusedScript(String script, String problem) throws IOException {
    Files.writeString(source.resolve("llama-tokenizer.js"), script);
    refused(source, problem);
  }

  private MoonshineFolder imported(Path from) throws IOException {
    ModelImport.run(from, target, ModelImport.Options.DEFAULT);
    return MoonshineFolder.open(target, arena);
  }

  private void refused(Path from, String problem) throws IOException {
    var e =
        assertThrows(
            IOException.class, () -> ModelImport.run(from, target, ModelImport.Options.DEFAULT));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().contains(from.toString()), e.getMessage());
    assertTrue(Files.notExists(target));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> e.getFileName().toString()).sorted().toList();
    }
  }
}
