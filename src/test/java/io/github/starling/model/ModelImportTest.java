package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelImportTest {
  private static final String WIDE = "encoder.layer.1.intermediate.dense";

  @TempDir Path temporary;
  private Path source;
  private Path target;
  private final TinyBert bert = new TinyBert();

  @BeforeEach
  void createFolders() throws IOException {
    source = Files.createDirectory(temporary.resolve("source"));
    target = temporary.resolve("target");
  }

  @Test
  void sizesAndOperationsAreReadOffTheGraph() throws Exception {
    bert.epsilon = 1e-5f;
    assertEquals(
        new EncoderConfig(6, 4, 2, 2, 6, 8, 2, 1e-5, Activation.GELU_ERF), importedConfig());
  }

  @Test
  void anonymousWeightsAreTurnedUpright() throws Exception {
    // values count up through the model: upright (out, in) is the transposition of stored (in, out)
    float[][] stored = imported(WIDE);
    float first = stored[0][0];
    for (int out = 0; out < TinyBert.WIDE; out++) {
      for (int in = 0; in < TinyBert.WIDTH; in++) {
        assertEquals(first + in * TinyBert.WIDE + out, stored[out][in]);
      }
    }
  }

  @Test
  void namedWeightsOfAGemmAreUprightAlready() throws Exception {
    bert.isGemm = true;
    assertUpright(imported(WIDE));
  }

  @Test
  void weightsThatTheGraphTransposesAreUprightAlready() throws Exception {
    bert.isTransposedByGraph = true;
    assertUpright(imported(WIDE));
  }

  @Test
  void namesMayHaveAPrefix() throws Exception {
    bert.prefix = "0.auto_model.";
    assertEquals(2, importedConfig().layers());
  }

  @Test
  void fusedLayerNormsSayTheirEpsilon() throws Exception {
    bert.isNormFused = true;
    bert.epsilon = 1e-7f;
    assertEquals(1e-7, importedConfig().layerNormEpsilon());
  }

  @Test
  void theTanhFormOfGeluIsRecognised() throws Exception {
    bert.activation = "Tanh";
    assertEquals(Activation.GELU_TANH, importedConfig().activation());
  }

  @Test
  void theGeluOperatorIsRecognised() throws Exception {
    bert.activation = "Gelu";
    assertEquals(Activation.GELU_TANH, importedConfig().activation());
  }

  @Test
  void anotherActivationIsNamed() {
    bert.activation = "Relu";
    refused("the activation made of [Relu] is not supported");
  }

  @Test
  void headsComeFromEitherDimensionOfTheCut() throws Exception {
    bert.cut = new long[] {-1, 2};
    assertEquals(2, importedConfig().heads());
  }

  @Test
  void layersWithOtherHeadsAreRefused() {
    bert.cut = new long[] {4, 1};
    refused("layer 1 has 4 heads but layer 0 has 2");
  }

  @Test
  void headsThatDoNotAddUpAreRefused() {
    bert.cut = new long[] {3, 2};
    refused("is not reshaped to heads whose sizes add up to 4 columns");
  }

  @Test
  void aFileThatIsNoOnnxIsRefused() throws Exception {
    bert.write(source);
    Files.write(source.resolve("tiny.onnx"), new byte[0]);
    var e = assertThrows(FormatException.class, this::run);
    assertTrue(e.getMessage().contains("not an ONNX model"), e.getMessage());
    assertNothingLeft();
  }

  @Test
  void aGraphOfAnotherKindIsRefused() throws Exception {
    bert.write(source);
    Files.write(
        source.resolve("tiny.onnx"), new OnnxBuilder().node("Relu", List.of("x"), "y").build());
    var e = assertThrows(FormatException.class, this::run);
    assertTrue(e.getMessage().contains("not a BERT encoder"), e.getMessage());
  }

  @Test
  void aRobertaIsRefused() throws Exception {
    bert.write(source);
    var bytes = new java.io.ByteArrayOutputStream();
    bytes.write(bert.build());
    // a second graph field is merged into the first, as protobuf demands
    bytes.write(new OnnxBuilder().node("CumSum", List.of("mask"), "ids").build());
    Files.write(source.resolve("tiny.onnx"), bytes.toByteArray());
    var e = assertThrows(FormatException.class, this::run);
    assertTrue(e.getMessage().contains("RoBERTa"), e.getMessage());
  }

  @Test
  void aQuantisedGraphIsRefused() throws Exception {
    bert.write(source);
    Files.writeString(
        source.resolve("tiny.onnx"),
        new String(bert.build(), java.nio.charset.StandardCharsets.ISO_8859_1)
            .replace("\"\u0006MatMul", "\"\u0006QMtMul"),
        java.nio.charset.StandardCharsets.ISO_8859_1);
    var e = assertThrows(FormatException.class, this::run);
    assertTrue(e.getMessage().contains("quantised and fused graphs are not"), e.getMessage());
  }

  @Test
  void aModelWithoutTokenizerIsRefused() throws Exception {
    bert.write(source);
    Files.delete(source.resolve("tiny-tokenizer.json"));
    var e = assertThrows(NoSuchFileException.class, this::run);
    assertTrue(e.getMessage().contains("tiny.onnx: no tokenizer beside it"), e.getMessage());
    assertNothingLeft();
  }

  @Test
  void aTokenizerLargerThanTheModelIsRefused() throws Exception {
    bert.write(source);
    String json = Json.write(TinyBert.tokenizer()).replace("\"a\":5", "\"a\":5,\"b\":6");
    Files.writeString(source.resolve("tiny-tokenizer.json"), json);
    var e = assertThrows(FormatException.class, this::run);
    assertTrue(e.getMessage().contains("7 tokens but the model only 6"), e.getMessage());
    assertNothingLeft();
  }

  @Test
  void filesFoldersAndArchivesAreSources() throws Exception {
    Path onnx = bert.write(source);
    Path archive = archive("x/tiny.onnx", "x/tokenizer.json");
    for (Path each : List.of(onnx, source, archive)) {
      var options = new ModelImport.Options(Pooling.CLS, false, true);
      ModelImport.run(each, target, options);
      try (var arena = Arena.ofConfined()) {
        var folder = ModelFolder.open(target, arena);
        assertEquals(2, folder.config().layers());
        assertEquals(Pooling.CLS, folder.pooling());
        assertEquals(false, folder.isNormalized());
      }
    }
  }

  @Test
  void damageInsideAnArchiveIsReportedAsTheArchives() throws Exception {
    bert.write(source);
    Files.write(source.resolve("tiny.onnx"), new byte[] {1, 2, 3});
    Path archive = archive("tiny.onnx", "tiny-tokenizer.json");
    var e =
        assertThrows(
            FormatException.class,
            () -> ModelImport.run(archive, target, ModelImport.Options.DEFAULT));
    assertTrue(e.getMessage().startsWith(archive + "!tiny.onnx, byte "), e.getMessage());
  }

  @Test
  void namesInAnArchiveDoNotLeadElsewhere() throws Exception {
    bert.write(source);
    Path archive = archive("../../../tiny.onnx", "../../../tokenizer.json");
    ModelImport.run(archive, target, ModelImport.Options.DEFAULT);
    assertTrue(Files.notExists(temporary.resolve("tiny.onnx")));
    assertTrue(Files.exists(target.resolve("model.safetensors")));
  }

  @Test
  void aDamagedArchiveIsRefused() throws Exception {
    bert.write(source);
    Path archive = archive("tiny.onnx", "tokenizer.json");
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    var e =
        assertThrows(
            FormatException.class,
            () -> ModelImport.run(archive, target, ModelImport.Options.DEFAULT));
    assertTrue(e.getMessage().contains("damaged archive"), e.getMessage());
    for (int i = 60; i < bytes.length / 2; i += 7) {
      bytes[i] ^= 0x55; // the directory at the end is whole, the content is not
    }
    Files.write(archive, bytes);
    assertThrows(
        FormatException.class, () -> ModelImport.run(archive, target, ModelImport.Options.DEFAULT));
  }

  @Test
  void aMissingSourceIsNamed() {
    var e =
        assertThrows(
            NoSuchFileException.class,
            () -> ModelImport.run(temporary.resolve("none"), target, ModelImport.Options.DEFAULT));
    assertTrue(e.getMessage().contains("none: no such file or folder"), e.getMessage());
  }

  @Test
  void anImportedModelIsKeptUnlessAskedOtherwise() throws Exception {
    bert.write(source);
    run();
    bert.epsilon = 1e-3f;
    bert.write(source);
    assertThrows(FileAlreadyExistsException.class, this::run);
    assertEquals(1e-12, config().layerNormEpsilon());
    ModelImport.run(source, target, new ModelImport.Options(null, true, true));
    assertEquals(1e-3, config().layerNormEpsilon(), 0);
  }

  @Test
  void aFailureHalfwayLeavesTheOldModel() throws Exception {
    bert.write(source);
    run();
    bert.cut = new long[] {3, 2};
    bert.write(source);
    assertThrows(
        FormatException.class,
        () -> ModelImport.run(source, target, new ModelImport.Options(null, true, true)));
    assertEquals(1e-12, config().layerNormEpsilon());
    try (var files = Files.list(temporary)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void bgePoolsTheFirstToken() {
    assertEquals(Pooling.CLS, ModelImport.usualPooling(Path.of("x/BGE-small.onnx")));
    assertEquals(Pooling.MEAN, ModelImport.usualPooling(Path.of("bge/all-minilm.onnx")));
  }

  @Test
  void promptsAreWrittenForModelsThatWantThem() throws Exception {
    bert.write(source);
    run();
    assertTrue(Files.notExists(target.resolve(Prompts.FILE)));
    Path e5 = Files.move(source.resolve("tiny.onnx"), source.resolve("multilingual-E5.onnx"));
    Files.move(source.resolve("tiny-tokenizer.json"), source.resolve("tokenizer.json"));
    ModelImport.run(e5, target, new ModelImport.Options(null, null, true));
    var prompts = JsonObject.read(target.resolve(Prompts.FILE)).object("prompts");
    assertEquals("query: ", prompts.string("query"));
  }

  private Path archive(String onnxName, String tokenizerName) throws IOException {
    Path archive = temporary.resolve("model.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry(onnxName));
      Files.copy(source.resolve("tiny.onnx"), zip);
      zip.putNextEntry(new ZipEntry(tokenizerName));
      Files.copy(source.resolve("tiny-tokenizer.json"), zip);
    }
    return archive;
  }

  private void run() throws IOException {
    ModelImport.run(source, target, ModelImport.Options.DEFAULT);
  }

  private EncoderConfig importedConfig() throws IOException {
    bert.write(source);
    run();
    return config();
  }

  private EncoderConfig config() throws IOException {
    try (var arena = Arena.ofConfined()) {
      return ModelFolder.open(target, arena).config();
    }
  }

  private float[][] imported(String dense) throws IOException {
    bert.write(source);
    run();
    try (var arena = Arena.ofConfined()) {
      Matrix weight = ModelFolder.open(target, arena).tensor(dense + ".weight").matrix(arena);
      return weight.toArray();
    }
  }

  private static void assertUpright(float[][] weight) {
    for (int out = 0; out < TinyBert.WIDE; out++) {
      float first = weight[0][0] + out * TinyBert.WIDTH;
      assertArrayEquals(new float[] {first, first + 1, first + 2, first + 3}, weight[out]);
    }
  }

  private void refused(String problem) {
    var e = assertThrows(FormatException.class, this::importedConfig);
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertNothingLeft();
  }

  private void assertNothingLeft() {
    assertEquals(List.of("source"), List.of(temporary.toFile().list()));
  }
}
