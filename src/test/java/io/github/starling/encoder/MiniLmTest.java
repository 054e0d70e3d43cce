package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The default model against ONNX Runtime. */
class MiniLmTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private static Embedder embedder;
  private static OrtSession session;
  private static List<String> texts;

  @BeforeAll
  static void open() throws Exception {
    embedder = Embedder.open(MiniLm.folder());
    texts = VariedTexts.make(200, embedder.tokenizer());
    try (var model = MiniLmTest.class.getResourceAsStream(MiniLm.ONNX);
        var options = new OrtSession.SessionOptions()) {
      session = ENVIRONMENT.createSession(model.readAllBytes(), options);
    }
  }

  @AfterAll
  static void close() throws Exception {
    session.close();
    embedder.close();
  }

  @Test
  void embeddingsAreThoseOfOnnxRuntime() throws Exception {
    var embeddings = embedder.embed(texts);
    double worst = 0;
    int longest = 0;
    for (int t = 0; t < texts.size(); t++) {
      int[] ids = embedder.tokenizer().encode(texts.get(t));
      assertEquals(ids.length, embeddings.get(t).tokens());
      assertEquals(ids.length, embeddings.get(t).usedTokens());
      longest = Math.max(longest, ids.length);
      double[] expected = meanOfLengthOne(onnxRuntime(ids));
      for (int c = 0; c < expected.length; c++) {
        double error = Math.abs(expected[c] - embeddings.get(t).vector()[c]);
        assertTrue(error <= 2e-5, "text " + t + " is off by " + error);
        worst = Math.max(worst, error);
      }
    }
    assertEquals(512, longest);
    System.out.printf("MiniLM, 200 texts: largest difference from ONNX Runtime %.2e%n", worst);
  }

  @Test
  void aBatchGivesTheBitsOfOneAtATimeOnAnyNumberOfThreads() throws Exception {
    var some = texts.subList(0, 40);
    var batch = embedder.embed(some);
    for (int threads : new int[] {1, 7}) {
      try (var other =
          Embedder.open(MiniLm.folder(), EmbedderOptions.defaults().withThreads(threads))) {
        for (int t = 0; t < some.size(); t++) {
          assertArrayEquals(other.embed(some.get(t)).vector(), batch.get(t).vector(), "text " + t);
        }
      }
    }
  }

  private static double[] meanOfLengthOne(float[][] hidden) {
    var mean = new double[hidden[0].length];
    double squares = 0;
    for (int c = 0; c < mean.length; c++) {
      for (float[] token : hidden) {
        mean[c] += token[c] / (double) hidden.length;
      }
      squares += mean[c] * mean[c];
    }
    for (int c = 0; c < mean.length; c++) {
      mean[c] /= Math.sqrt(squares);
    }
    return mean;
  }

  /** Returns the last hidden state, shape (n, 384). */
  private static float[][] onnxRuntime(int[] ids) throws OrtException {
    var input = new long[1][ids.length];
    var ones = new long[1][ids.length];
    for (int i = 0; i < ids.length; i++) {
      input[0][i] = ids[i];
      ones[0][i] = 1;
    }
    try (var inputIds = OnnxTensor.createTensor(ENVIRONMENT, input);
        var mask = OnnxTensor.createTensor(ENVIRONMENT, ones);
        var types = OnnxTensor.createTensor(ENVIRONMENT, new long[1][ids.length]);
        var result =
            session.run(
                Map.of("input_ids", inputIds, "attention_mask", mask, "token_type_ids", types))) {
      return ((float[][][]) result.get(0).getValue())[0];
    }
  }
}
