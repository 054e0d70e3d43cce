package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.attention.OracleTopKAttention;
import io.github.starling.model.ModelFolder;
import io.github.starling.model.NaiveBert;
import io.github.starling.model.Pooling;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedderTest {
  private static final EmbedderOptions OPTIONS = EmbedderOptions.defaults().withThreads(1);

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws Exception {
    new TinyModel().write(folder);
  }

  @Test
  void meanPoolingIsTheMeanOfAllTokens() throws Exception {
    double[][] hidden = naive(2, 5, 10, 8, 3);
    var mean = new double[TinyModel.WIDTH];
    for (double[] token : hidden) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += token[c] / hidden.length;
      }
    }
    check(mean, OPTIONS.withPooling(Pooling.MEAN), "ab d");
    check(mean, OPTIONS, "ab d");
  }

  @Test
  void clsPoolingIsTheFirstToken() throws Exception {
    check(naive(2, 5, 10, 8, 3)[0], OPTIONS.withPooling(Pooling.CLS), "ab d");
  }

  @Test
  void poolerPoolingIsTanhOfADenseLayer() throws Exception {
    double[] first = naive(2, 5, 10, 8, 3)[0];
    var expected = new double[TinyModel.WIDTH];
    try (var arena = Arena.ofShared()) {
      var model = ModelFolder.open(folder, arena);
      var weight = model.tensor("pooler.dense.weight").matrix(arena);
      var bias = model.tensor("pooler.dense.bias").matrix(arena);
      for (int o = 0; o < expected.length; o++) {
        double sum = bias.get(0, o);
        for (int c = 0; c < first.length; c++) {
          sum += first[c] * weight.get(o, c);
        }
        expected[o] = Math.tanh(sum);
      }
    }
    check(expected, OPTIONS.withPooling(Pooling.POOLER), "ab d");
  }

  @Test
  void aNormalizedVectorHasLengthOne() throws Exception {
    try (var plain = Embedder.open(folder, OPTIONS);
        var normalized = Embedder.open(folder, OPTIONS.withNormalize(true))) {
      float[] expected = plain.embed("a b").vector();
      float[] vector = normalized.embed("a b").vector();
      double length = 0;
      double squares = 0;
      for (int c = 0; c < vector.length; c++) {
        length += (double) expected[c] * expected[c];
        squares += (double) vector[c] * vector[c];
      }
      assertEquals(1, squares, 1e-6);
      for (int c = 0; c < vector.length; c++) {
        assertEquals(expected[c] / Math.sqrt(length), vector[c], 1e-6);
      }
    }
  }

  private static void check(double[] expected, EmbedderOptions options, String text)
      throws Exception {
    try (var embedder = Embedder.open(folder, options.withNormalize(false))) {
      var embedding = embedder.embed(text);
      for (int c = 0; c < expected.length; c++) {
        assertEquals(expected[c], embedding.vector()[c], 2e-5);
      }
    }
  }

  @Test
  void anEmptyTextIsItsFrame() throws Exception {
    try (var embedder = Embedder.open(folder, OPTIONS)) {
      assertEquals(2, embedder.embed("").tokens());
      assertArrayEquals(embedder.embed("").vector(), embedder.embed(" \n ").vector());
      assertEquals(List.of(), embedder.embed(List.of()));
    }
  }

  @Test
  void aBatchGivesTheBitsOfOneAtATime() throws Exception {
    var texts = new ArrayList<String>();
    for (int i = 0; i < 120; i++) { // more tokens than go through the encoder at once
      texts.add("a b c d ".repeat(i % 14));
    }
    var options = OPTIONS.withLongText(LongText.WINDOW);
    try (var one = Embedder.open(folder, options);
        var seven = Embedder.open(folder, options.withThreads(7))) {
      var batch = seven.embed(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertArrayEquals(one.embed(texts.get(i)).vector(), batch.get(i).vector());
      }
    }
  }

  @Test
  void anyAttentionCanBePluggedIn() throws Exception {
    String text = "a b c d ab ".repeat(4);
    var clusters = ClusterOptions.of(3);
    try (var embedder = Embedder.open(folder, OPTIONS)) {
      float[] exact = embedder.embed(text).vector();
      // With every key among the top ones, improved clustered attention is exact.
      float[] allKeys = embed(embedder, text, new ImprovedClusteredAttention(clusters, 30));
      float[] topKeys = embed(embedder, text, new OracleTopKAttention(30));
      float[] shared = embed(embedder, text, new ClusteredAttention(clusters));
      assertArrayEquals(exact, allKeys, 2e-5f);
      assertArrayEquals(exact, topKeys, 2e-5f);
      assertTrue(distance(exact, shared) > 1e-3, "three clusters cannot be exact");
    }
  }

  @Test
  void clusteredAttentionGivesTheSameBitsInABatchAndOnSevenThreads() throws Exception {
    var texts = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      texts.add("a b c d ab ".repeat(i % 5));
    }
    var attention = new ImprovedClusteredAttention(ClusterOptions.of(4), 3);
    try (var one = Embedder.open(folder, OPTIONS);
        var seven = Embedder.open(folder, OPTIONS.withThreads(7).withAttention(attention))) {
      var batch = seven.embed(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertArrayEquals(embed(one, texts.get(i), attention), batch.get(i).vector());
      }
    }
  }

  private static float[] embed(Embedder embedder, String text, Attention attention) {
    return embedder.embed(List.of(text), attention, AttentionObserver.NONE).getFirst().vector();
  }

  private static double distance(float[] a, float[] b) {
    double squares = 0;
    for (int c = 0; c < a.length; c++) {
      squares += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return Math.sqrt(squares);
  }

  @Test
  void callsFromSeveralThreadsDoNotMix() throws Exception {
    try (var embedder = Embedder.open(folder, OPTIONS.withThreads(2));
        var pool = Executors.newFixedThreadPool(4)) {
      float[] expected = embedder.embed("a b c").vector();
      Callable<float[]> call = () -> embedder.embed("a b c").vector();
      Callable<float[]> other =
          () -> {
            encodeNothingOfInterest(embedder.encoder());
            return expected;
          };
      var calls = new ArrayList<>(Collections.nCopies(200, call));
      calls.addAll(Collections.nCopies(200, other));
      Collections.shuffle(calls, new Random(4));
      for (var result : pool.invokeAll(calls)) {
        assertArrayEquals(expected, result.get());
      }
    }
  }

  private static void encodeNothingOfInterest(Encoder encoder) {
    try (var arena = Arena.ofShared()) {
      var out = Matrix.allocate(arena, 5, TinyModel.WIDTH);
      encoder.encode(
          List.of(TokenSequence.of(2, 7, 7, 7, 3)),
          new FullAttention(),
          AttentionObserver.NONE,
          out);
    }
  }

  @Test
  void aLongTextIsAnErrorUnlessChosenOtherwise() throws Exception {
    String text = "a ".repeat(40);
    try (var embedder = Embedder.open(folder, OPTIONS)) {
      var error = assertThrows(IllegalArgumentException.class, () -> embedder.embed(text));
      assertTrue(error.getMessage().contains("42 tokens"), error.getMessage());
      assertTrue(error.getMessage().contains("at most 30"), error.getMessage());
    }
    try (var embedder = Embedder.open(folder, OPTIONS.withLongText(LongText.TRUNCATE))) {
      var embedding = embedder.embed(text);
      assertEquals(42, embedding.tokens());
      assertEquals(30, embedding.usedTokens());
      assertArrayEquals(embedder.embed("a ".repeat(28)).vector(), embedding.vector());
    }
  }

  /** 40 tokens in windows of 28 with an overlap of at least 3: two, from 0 and from 12. */
  @Test
  void windowsArePooledByTokens() throws Exception {
    String text = "a b c d a ".repeat(8);
    int[] period = {5, 6, 7, 8, 5};
    var first = new int[30];
    var second = new int[30];
    first[0] = second[0] = 2;
    first[29] = second[29] = 3;
    for (int i = 0; i < 28; i++) {
      first[1 + i] = period[i % 5];
      second[1 + i] = period[(i + 12) % 5];
    }
    double[][] left = naive(first);
    double[][] right = naive(second);
    var mean = new double[TinyModel.WIDTH];
    for (int c = 0; c < mean.length; c++) {
      for (int row = 0; row <= 20; row++) { // [CLS] and tokens 0 to 19
        mean[c] += left[row][c] / 42;
      }
      for (int row = 9; row <= 29; row++) { // tokens 20 to 39 and [SEP]
        mean[c] += right[row][c] / 42;
      }
    }
    var options = OPTIONS.withLongText(LongText.WINDOW);
    check(mean, options, text);
    for (int c = 0; c < mean.length; c++) {
      mean[c] = left[0][c] / 2 + right[0][c] / 2;
    }
    check(mean, options.withPooling(Pooling.CLS), text);
    try (var embedder = Embedder.open(folder, options)) {
      var embedding = embedder.embed(text);
      assertEquals(42, embedding.tokens());
      assertEquals(42, embedding.usedTokens());
    }
  }

  @Test
  void aModelWithoutPoolerSaysSo(@TempDir Path other) throws Exception {
    var model = new TinyModel();
    model.hasPooler = false;
    model.write(other);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Embedder.open(other, OPTIONS.withPooling(Pooling.POOLER)));
    assertTrue(error.getMessage().contains("no pooler"), error.getMessage());
  }

  @Test
  void aClosedEmbedderSaysSo() throws Exception {
    var embedder = Embedder.open(folder, OPTIONS);
    embedder.close();
    embedder.close();
    assertThrows(IllegalStateException.class, () -> embedder.embed("a"));
  }

  private static double[][] naive(int... ids) throws Exception {
    try (var arena = Arena.ofShared()) {
      return new NaiveBert(ModelFolder.open(folder, arena), arena).run(ids);
    }
  }
}
