package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.model.FormatException;
import io.github.starling.model.ModelFolder;
import io.github.starling.model.NaiveBert;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncoderTest {
  @TempDir Path folder;

  @Test
  void agreesWithTheFormulasInDoublePrecision() throws Exception {
    for (String activation : List.of("gelu", "gelu_new")) {
      var model = new TinyModel();
      model.activation = activation;
      model.write(folder);
      var sequences = TinyModel.sequences(12, 5);
      float[][] ours = encode(folder, 2, sequences, new FullAttention());
      try (var arena = Arena.ofConfined()) {
        var naive = new NaiveBert(ModelFolder.open(folder, arena), arena);
        int row = 0;
        for (var sequence : sequences) {
          for (double[] expected : naive.run(sequence.ids(), sequence.types())) {
            for (int c = 0; c < expected.length; c++) {
              assertEquals(expected[c], ours[row][c], 2e-5, activation + ", row " + row);
            }
            row++;
          }
        }
      }
    }
  }

  /** Both of full attention and of a kind whose heads share something within their sequence. */
  private static List<Attention> attentions() {
    return List.of(new FullAttention(), new RefinedClusteredAttention(new RefinedOptions(3, 2, 2)));
  }

  @ParameterizedTest
  @MethodSource("attentions")
  void aSequenceComesOutTheSameInAnyCompany(Attention attention) throws Exception {
    new TinyModel().write(folder);
    var sequences = TinyModel.sequences(9, 6);
    float[][] together = encode(folder, 2, sequences, attention);
    int row = 0;
    for (var sequence : sequences) {
      for (float[] alone : encode(folder, 1, List.of(sequence), attention)) {
        assertArrayEquals(alone, together[row++]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("attentions")
  void anyNumberOfThreadsGivesTheSameBits(Attention attention) throws Exception {
    new TinyModel().write(folder);
    var sequences = TinyModel.sequences(9, 7);
    float[][] one = encode(folder, 1, sequences, attention);
    for (int threads : new int[] {2, 7}) {
      float[][] many = encode(folder, threads, sequences, attention);
      for (int r = 0; r < one.length; r++) {
        assertArrayEquals(one[r], many[r], threads + " threads");
      }
    }
  }

  @Test
  void theObserverSeesEveryHeadOfEveryLayer() throws Exception {
    new TinyModel().write(folder);
    var seen = new ArrayList<String>();
    try (var encoder = Encoder.open(folder, 1);
        var arena = Arena.ofConfined()) {
      var sequences = List.of(TokenSequence.of(2, 5, 3), TokenSequence.of(2));
      encoder.encode(
          sequences,
          new FullAttention(),
          (layer, heads, scale) -> {
            assertEquals(1 / Math.sqrt(5), scale);
            for (var head : heads) {
              seen.add(layer + head.query().shape());
              if (head.query().rows() == 1) { // one token can only attend to itself
                assertArrayEquals(head.value().toArray()[0], head.output().toArray()[0], 1e-6f);
              }
            }
          },
          Matrix.allocate(arena, 4, TinyModel.WIDTH));
    }
    var expected = new ArrayList<String>();
    for (String head : List.of("0(3, 5)", "0(1, 5)", "1(3, 5)", "1(1, 5)")) {
      for (int i = 0; i < 4; i++) {
        expected.add(head);
      }
    }
    assertEquals(expected, seen);
  }

  @Test
  void badSequencesAreNamed() throws Exception {
    new TinyModel().write(folder);
    try (var encoder = Encoder.open(folder, 1);
        var arena = Arena.ofConfined()) {
      var out = Matrix.allocate(arena, 2, TinyModel.WIDTH);
      assertNamed(encoder, new TokenSequence(new int[31], new int[31]), out, "31 tokens", "30");
      assertNamed(encoder, TokenSequence.of(2, 11), out, "id 11", "0 to 10");
      assertNamed(encoder, TokenSequence.of(2, -1), out, "id -1", "0 to 10");
      assertNamed(
          encoder, new TokenSequence(new int[2], new int[] {0, 2}), out, "type 2", "0 to 1");
      assertNamed(encoder, TokenSequence.of(2, 5, 3), out, "(2, 20)", "(3, 20)");
    }
    assertThrows(IllegalArgumentException.class, () -> TokenSequence.of());
    assertThrows(IllegalArgumentException.class, () -> new TokenSequence(new int[2], new int[1]));
    assertThrows(IllegalArgumentException.class, () -> Encoder.open(folder, 0));
  }

  private static void assertNamed(
      Encoder encoder, TokenSequence sequence, Matrix out, String wrong, String right) {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                encoder.encode(
                    List.of(sequence), new FullAttention(), AttentionObserver.NONE, out));
    assertTrue(error.getMessage().contains(wrong), error.getMessage());
    assertTrue(error.getMessage().contains(right), error.getMessage());
  }

  @Test
  void badModelsAreNamed() throws Exception {
    var unknown = new TinyModel();
    unknown.activation = "swish";
    unknown.write(folder);
    var error = assertThrows(FormatException.class, () -> Encoder.open(folder, 1));
    assertTrue(error.getMessage().contains("hidden_act \"swish\""), error.getMessage());

    var misshapen = new TinyModel();
    misshapen.queryBiasRows = 19;
    misshapen.write(folder);
    error = assertThrows(FormatException.class, () -> Encoder.open(folder, 1));
    assertTrue(error.getMessage().contains("query.bias has shape [19]"), error.getMessage());
    assertTrue(error.getMessage().contains("[20]"), error.getMessage());
  }

  @Test
  void aClosedEncoderSaysSo() throws Exception {
    new TinyModel().write(folder);
    var encoder = Encoder.open(folder, 2);
    encoder.close();
    encoder.close();
    try (var arena = Arena.ofConfined()) {
      var out = Matrix.allocate(arena, 2, TinyModel.WIDTH);
      assertThrows(
          IllegalStateException.class,
          () ->
              encoder.encode(
                  List.of(TokenSequence.of(2, 3)),
                  new FullAttention(),
                  AttentionObserver.NONE,
                  out));
    }
  }

  private static float[][] encode(
      Path folder, int threads, List<TokenSequence> sequences, Attention attention)
      throws Exception {
    int tokens = sequences.stream().mapToInt(TokenSequence::length).sum();
    try (var encoder = Encoder.open(folder, threads);
        var arena = Arena.ofConfined()) {
      var out = Matrix.allocate(arena, tokens, TinyModel.WIDTH);
      encoder.encode(sequences, attention, AttentionObserver.NONE, out);
      return out.toArray();
    }
  }
}
