package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.Encoder;
import io.github.starling.encoder.TinyModel;
import io.github.starling.encoder.TokenSequence;
import io.github.starling.kernel.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tiny model has two layers of four heads. */
class AttentionStudyTest {
  @TempDir Path folder;
  private Encoder encoder;
  private final Workers workers = new Workers(2);

  @BeforeEach
  void open() throws Exception {
    TinyModel.writeWithHeads(folder);
    encoder = Encoder.open(folder, 1);
  }

  @AfterEach
  void close() {
    encoder.close();
    workers.close();
  }

  /** Returns sequences that end in a separator, id 3, and have others within. */
  private static List<TokenSequence> sequences(int... lengths) {
    var random = new Random(7);
    var sequences = new ArrayList<TokenSequence>();
    for (int length : lengths) {
      int[] ids = random.ints(length, 3, 9).toArray();
      ids[length - 1] = 3;
      sequences.add(TokenSequence.of(ids));
    }
    return sequences;
  }

  /** Returns ‖O′ − O‖ / ‖O‖ of some heads of a layer by the formula. */
  private double error(TokenSequence sequence, int layer, int from, int to) {
    double[] sums = new double[2];
    encoder.encodeEach(
        List.of(sequence),
        new FullAttention(),
        (l, heads, scale) -> {
          if (l == layer) {
            var exact = heads.stream().map(h -> h.output().toArray()).toList();
            var others = new AttentionOutputs().redirect(heads);
            TinyTasks.clustered(0).attend(others, scale, workers);
            for (int h = from; h < to; h++) {
              float[][] o = others.get(h).output().toArray();
              for (int i = 0; i < o.length; i++) {
                for (int d = 0; d < o[i].length; d++) {
                  sums[0] += Math.pow(o[i][d] - exact.get(h)[i][d], 2);
                  sums[1] += Math.pow(exact.get(h)[i][d], 2);
                }
              }
            }
          }
        },
        (_, _) -> {});
    return Math.sqrt(sums[0] / sums[1]);
  }

  @Test
  void errorsAreThoseOfEachLayerAndExactAttentionHasNone() {
    var sequences = sequences(30);
    List<Attention> attentions = List.of(new FullAttention(), TinyTasks.clustered(0));
    var results = AttentionStudy.measure(new TextInputs(encoder, sequences), attentions, workers);
    assertEquals(2, results.size());
    assertArrayEquals(new double[2], results.get(0).errors());
    for (int layer = 0; layer < 2; layer++) {
      double expected = error(sequences.getFirst(), layer, 0, 4);
      assertTrue(expected > 0.01, "error " + expected);
      assertEquals(expected, results.get(1).errors()[layer], 1e-6);
    }
    for (var result : results) {
      assertTrue(result.attentionSpeedUp() > 0 && result.encoderSpeedUp() > 0, result.toString());
    }
  }

  @Test
  void theSampleIsSpreadEvenlyOverSomeThousandTokens() {
    var lengths = new int[300];
    Arrays.fill(lengths, 30);
    // 9,000 tokens, of which 2,048 are 68.3 sequences
    assertArrayEquals(
        IntStream.range(0, 69).map(i -> i * 300 / 69).toArray(), AttentionStudy.sample(lengths));
    assertArrayEquals(
        IntStream.range(0, 68).toArray(), AttentionStudy.sample(Arrays.copyOf(lengths, 68)));
    // a sequence that is longer by itself
    assertArrayEquals(new int[] {0}, AttentionStudy.sample(new int[] {5000, 5000}));
  }

  @Test
  void everyHeadOfTheLongestSequencesHasItsErrorAndShape() {
    var sequences = sequences(9, 30, 12, 4);
    var results = heads(sequences, TinyTasks.clustered(0));
    assertEquals(
        heads(List.of(sequences.get(1), sequences.get(2)), TinyTasks.clustered(0)), results);
    var one = List.of(sequences.get(1));
    results = heads(one, TinyTasks.clustered(0));
    assertEquals(8, results.size());
    for (int i = 0; i < 8; i++) {
      var result = results.get(i);
      assertEquals(List.of(i / 4, i % 4), List.of(result.layer(), result.head()));
      assertEquals(error(one.getFirst(), i / 4, i % 4, i % 4 + 1), result.error(), 1e-6);
      assertEquals(shape(one.getFirst(), i / 4, i % 4), result.shape(), "head " + i);
    }
    for (var exact : heads(one, new FullAttention())) {
      assertEquals(0, exact.error());
    }
  }

  private List<HeadStudy.Result> heads(List<TokenSequence> sequences, Attention attention) {
    return HeadStudy.measure(new TextInputs(encoder, sequences), attention, workers);
  }

  private HeadStudy.Shape shape(TokenSequence sequence, int layer, int head) {
    var shape = new HeadShape();
    int[] ids = sequence.ids();
    // the first token counts by itself
    int[] separators = IntStream.range(1, ids.length).filter(i -> ids[i] == 3).toArray();
    encoder.encodeEach(
        List.of(sequence),
        new FullAttention(),
        (l, heads, scale) -> {
          if (l == layer) {
            shape.add(heads.get(head), scale, separators);
          }
        },
        (_, _) -> {});
    return new HeadStudy.Shape(
        shape.entropy(),
        shape.offset(),
        shape.offsetShare(),
        shape.separatorShare() + shape.firstShare(),
        shape.topShare());
  }
}
