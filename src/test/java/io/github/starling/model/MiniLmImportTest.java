package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default model, imported from its Maven artifact. */
class MiniLmImportTest {
  private static final String ONNX = "/all-minilm-l6-v2.onnx";

  @TempDir static Path temporary;
  private static Arena arena;
  private static Path target;
  private static ModelFolder folder;

  @BeforeAll
  static void importModel() throws Exception {
    var url = MiniLmImportTest.class.getResource(ONNX);
    var jar = Path.of(((JarURLConnection) url.openConnection()).getJarFileURL().toURI());
    target = temporary.resolve("minilm");
    ModelImport.run(jar, target, ModelImport.Options.DEFAULT);
    arena = Arena.ofShared();
    folder = ModelFolder.open(target, arena);
  }

  @AfterAll
  static void close() {
    arena.close();
  }

  /** Sizes as published with the model; ε, heads and activation are not in any weight. */
  @Test
  void theConfigIsThatOfTheModel() {
    assertEquals(
        new EncoderConfig(30522, 384, 6, 12, 1536, 512, 2, 1e-12, Activation.GELU_ERF),
        folder.config());
    assertEquals(Pooling.MEAN, folder.pooling());
    assertTrue(folder.isNormalized());
    assertEquals(512, folder.maxSequenceLength());
  }

  @Test
  void theTokenizerIsUncasedBert() {
    var tokenizer = assertInstanceOf(TokenizerConfig.WordPiece.class, folder.tokenizer());
    assertEquals(30522, tokenizer.vocabulary().size());
    assertEquals("[PAD]", tokenizer.vocabulary().getFirst());
    assertEquals("the", tokenizer.vocabulary().get(1996));
    assertEquals(
        new TokenizerConfig.Normalization(true, true, null, true), tokenizer.normalization());
    assertEquals("[UNK]", tokenizer.unknown());
    assertEquals("[CLS]", tokenizer.classification());
    assertEquals("[SEP]", tokenizer.separator());
    assertEquals("[PAD]", tokenizer.padding());
    assertEquals("[MASK]", tokenizer.mask());
    assertEquals("##", tokenizer.continuingPrefix());
    assertEquals(100, tokenizer.maxWordLength());
    assertEquals(5, tokenizer.added().size());
  }

  @Test
  void nothingElseStaysBehind() throws Exception {
    try (var files = Files.list(target)) {
      assertEquals(
          "[1_Pooling, config.json, model.safetensors, modules.json, sentence_bert_config.json,"
              + " tokenizer.json]",
          files.map(f -> f.getFileName().toString()).sorted().toList().toString());
    }
    try (var files = Files.list(temporary)) {
      assertEquals(1, files.count());
    }
  }

  /**
   * A forward pass over the imported weights, in double precision, gives what ONNX Runtime gives on
   * the graph: no weight is swapped, transposed or missing, and heads and ε are right.
   */
  @Test
  void theImportedWeightsComputeWhatTheGraphComputes() throws Exception {
    int[] ids = {101, 1996, 3007, 1997, 2605, 2003, 3000, 102}; // the capital of france is paris
    double[][] ours = new NaiveBert(folder, arena).run(ids);
    float[][] theirs = onnxRuntime(ids);
    double worst = 0;
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < 384; j++) {
        worst = Math.max(worst, Math.abs(ours[i][j] - theirs[i][j]));
      }
    }
    // float32 rounding over six layers; a wrong ε of 1e-5 or a swapped matrix is far above it
    assertTrue(worst < 1e-5, "differs by " + worst);
  }

  private static float[][] onnxRuntime(int[] ids) throws Exception {
    byte[] model;
    try (var stream = MiniLmImportTest.class.getResourceAsStream(ONNX)) {
      model = stream.readAllBytes();
    }
    var input = new long[1][ids.length];
    var ones = new long[1][ids.length];
    for (int i = 0; i < ids.length; i++) {
      input[0][i] = ids[i];
      ones[0][i] = 1;
    }
    var environment = OrtEnvironment.getEnvironment();
    try (var options = new OrtSession.SessionOptions();
        var session = environment.createSession(model, options);
        var inputIds = OnnxTensor.createTensor(environment, input);
        var mask = OnnxTensor.createTensor(environment, ones);
        var types = OnnxTensor.createTensor(environment, new long[1][ids.length]);
        var result =
            session.run(
                Map.of("input_ids", inputIds, "attention_mask", mask, "token_type_ids", types))) {
      return ((float[][][]) result.get(0).getValue())[0];
    }
  }
}
