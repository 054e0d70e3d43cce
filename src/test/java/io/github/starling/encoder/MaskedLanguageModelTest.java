package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.MaskedLanguageModel.Guess;
import io.github.starling.model.Activation;
import io.github.starling.model.ModelType;
import io.github.starling.model.NaiveBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MaskedLanguageModelTest {
  private static final String HEAD = "cls.predictions.";

  @TempDir Path folder;

  private static TinyModel model(ModelType type) {
    var model = new TinyModel(type);
    model.hasMaskedWords = true;
    model.isPrefixed = true;
    return model;
  }

  @ParameterizedTest
  @CsvSource({
    "BERT,gelu,false,''",
    "BERT,gelu_new,true,''",
    "BERT,gelu,false,decoder.",
    "ROBERTA,gelu,false,''",
    "ROBERTA,gelu_new,true,decoder.",
    "DISTILBERT,gelu,true,''",
    "DISTILBERT,gelu_new,false,''"
  })
  void logitsAgreeWithTheFormulas(
      ModelType type, String activation, boolean hasDecoder, String biasOwner) throws Exception {
    var tiny = model(type);
    tiny.activation = activation;
    tiny.hasDecoder = hasDecoder;
    tiny.biasOwner = biasOwner;
    tiny.write(folder);
    var sequence = TokenSequence.of(2, 5, 4, 10, 4, 8, 3);
    var expected = naive(tiny, sequence.ids());
    try (var model = MaskedLanguageModel.open(folder, 1)) {
      model.logits(
          List.of(sequence, sequence),
          List.of(IntStream.range(0, 7).toArray(), new int[] {4, 1}),
          new FullAttention(),
          (index, logits) ->
              Close.check(
                  index == 0 ? expected : new double[][] {expected[4], expected[1]},
                  logits,
                  "sequence " + index));
    }
  }

  /** LayerNorm(gelu(h·Wᵀ + b))·Eᵀ + c. */
  private static double[][] naive(TinyModel tiny, int[] ids) throws Exception {
    var naive = tiny.naive();
    var x = naive.dense(naive.run(ids), HEAD + "transform.dense");
    boolean isErf = tiny.type == ModelType.ROBERTA || tiny.activation.equals("gelu");
    for (double[] row : x) {
      for (int c = 0; c < row.length; c++) {
        row[c] = NaiveBert.gelu(row[c], isErf ? Activation.GELU_ERF : Activation.GELU_TANH);
      }
    }
    naive.norm(x, HEAD + "transform.LayerNorm");
    String words = tiny.hasDecoder ? HEAD + "decoder.weight" : "embeddings.word_embeddings.weight";
    var e = tiny.weights.get(words);
    var c = tiny.weights.get(HEAD + tiny.biasOwner + "bias")[0];
    var logits = new double[x.length][e.length];
    for (int i = 0; i < x.length; i++) {
      for (int w = 0; w < e.length; w++) {
        logits[i][w] = c[w];
        for (int j = 0; j < x[i].length; j++) {
          logits[i][w] += x[i][j] * e[w][j];
        }
      }
    }
    return logits;
  }

  @ParameterizedTest
  @EnumSource
  void guessesAreTheLikeliestTokensOfEachMask(ModelType type) throws Exception {
    var tiny = model(type);
    tiny.write(folder);
    var logits = naive(tiny, new int[] {2, 5, 4, 8, 4, 3});
    try (var model = MaskedLanguageModel.open(folder, 1)) {
      var guesses = model.fill("a [MASK] d [MASK]", 20);
      assertEquals(2, guesses.size());
      for (int m = 0; m < 2; m++) {
        var shares = Close.softmax(logits[m == 0 ? 2 : 4]);
        var best =
            IntStream.range(0, shares.length)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -shares[id]))
                .toList();
        assertEquals(best, guesses.get(m).stream().map(Guess::id).toList());
        for (var guess : guesses.get(m)) {
          assertEquals(shares[guess.id()], guess.probability(), 2e-5);
          assertEquals(TinyModel.TOKENS.get(guess.id()).replace("##", ""), guess.text());
        }
        assertEquals(guesses.get(m).subList(0, 3), model.fill("a [MASK] d [MASK]", 3).get(m));
      }
    }
  }

  @Test
  void equallyLikelyTokensComeInTheOrderOfIds() throws Exception {
    var tiny = model(ModelType.BERT);
    tiny.hasDecoder = true;
    tiny.decoderSpread = 0;
    tiny.write(folder);
    try (var model = MaskedLanguageModel.open(folder, 1)) {
      var ids = model.fill("[MASK]", 4).getFirst().stream().map(Guess::id).toList();
      assertEquals(List.of(0, 1, 2, 3), ids);
    }
  }

  @Test
  void aTextGivesTheSameBitsOnAnyNumberOfThreadsAndInAnyCompany() throws Exception {
    model(ModelType.BERT).write(folder);
    var sequences = TinyModel.sequences(120, 21); // more tokens than go through at once
    var all = sequences.stream().map(s -> IntStream.range(0, s.length()).toArray()).toList();
    var expected = new ArrayList<float[][]>();
    try (var model = MaskedLanguageModel.open(folder, 1)) {
      for (int s = 0; s < sequences.size(); s++) {
        model.logits(
            sequences.subList(s, s + 1),
            all.subList(s, s + 1),
            new FullAttention(),
            (_, logits) -> expected.add(logits.toArray()));
      }
    }
    for (int threads : new int[] {1, 2, 7}) {
      try (var model = MaskedLanguageModel.open(folder, threads)) {
        model.logits(
            sequences,
            all,
            new FullAttention(),
            (index, logits) ->
                assertTrue(
                    Arrays.deepEquals(expected.get(index), logits.toArray()),
                    threads + " threads, sequence " + index));
      }
    }
  }

  @Test
  void whatCannotBeFilledIsNamed() throws Exception {
    model(ModelType.BERT).write(folder);
    try (var model = MaskedLanguageModel.open(folder, 1)) {
      refused(model, "a b", 1, "the text has no [MASK]");
      refused(model, "", 1, "the text has no [MASK]");
      refused(model, "[MASK]", 0, "at least 1 guess, not 0");
      refused(model, "[MASK]" + " a".repeat(28), 1, "31 tokens but the model reads at most 30");
      model.fill("[MASK]" + " a".repeat(27), 1);
    }
    var tokens = new ArrayList<>(TinyModel.TOKENS);
    tokens.set(4, "e");
    Files.write(folder.resolve("vocab.txt"), tokens);
    try (var model = MaskedLanguageModel.open(folder, 1)) {
      refused(model, "a", 1, "this vocabulary has no mask");
    }
  }

  private static void refused(MaskedLanguageModel model, String text, int count, String problem) {
    var e = assertThrows(IllegalArgumentException.class, () -> model.fill(text, count));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  @Test
  void positionsThatAreNotTheSequencesAreNamed() throws Exception {
    model(ModelType.BERT).write(folder);
    try (var model = MaskedLanguageModel.open(folder, 1)) {
      var pair = List.of(TokenSequence.of(2, 3), TokenSequence.of(2, 4, 3));
      for (int position : new int[] {-1, 2}) {
        assertThrows(
            IndexOutOfBoundsException.class,
            () ->
                model.logits(
                    pair,
                    List.of(new int[] {position}, new int[] {1}),
                    new FullAttention(),
                    (_, _) -> {}));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BERT,cls.predictions.transform.dense.weight",
    "ROBERTA,lm_head.dense.weight",
    "DISTILBERT,vocab_transform.weight"
  })
  void aModelWithoutTheHeadSaysSo(ModelType type, String tensor) throws Exception {
    new TinyModel(type).write(folder);
    refusedToOpen("no head for masked words", " " + tensor);
  }

  @Test
  void aHeadOfAnotherWidthOrWithoutBiasIsNamed() throws Exception {
    var tiny = model(ModelType.DISTILBERT);
    tiny.headColumns = 19;
    tiny.write(folder);
    refusedToOpen("vocab_transform.weight has shape [20, 19]", "[20, 20]");
    tiny = model(ModelType.ROBERTA);
    tiny.missing = "cls.predictions.bias";
    tiny.write(folder);
    refusedToOpen("\"lm_head.decoder.bias\"");
  }

  private void refusedToOpen(String... problems) {
    var e = assertThrows(IOException.class, () -> MaskedLanguageModel.open(folder, 1));
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
    for (String problem : problems) {
      assertTrue(e.getMessage().contains(problem), e.getMessage());
    }
  }

  @Test
  void aClosedModelSaysSo() throws Exception {
    model(ModelType.BERT).write(folder);
    var model = MaskedLanguageModel.open(folder, 2);
    model.fill("[MASK]", 1);
    model.close();
    model.close();
    var e = assertThrows(IllegalStateException.class, () -> model.fill("[MASK]", 1));
    assertEquals("this encoder is closed", e.getMessage());
  }
}
