package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.Embedding;
import io.github.starling.encoder.TinyModel;
import io.github.starling.transformer.AttentionObserver;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureProbeTest {
  private static final LabelledData TRAIN = TinyTasks.sentences(50, 1);
  private static final LabelledData TEST = TinyTasks.sentences(80, 2);

  @TempDir Path folder;
  private Embedder embedder;

  @BeforeEach
  void open() throws Exception {
    TinyModel.writeWithHeads(folder);
    embedder = TinyTasks.embedder(folder, 1);
  }

  @AfterEach
  void close() {
    embedder.close();
  }

  private float[] scores(int mostTrained, Attention attention) {
    return new FeatureProbe(embedder, new FeatureProbe.Data(TRAIN, TEST, mostTrained))
        .scores(attention, _ -> {})[0];
  }

  /** Trains on the embeddings with exact attention, and predicts from those with another. */
  private float[] expected(List<LabelledData.Item> trained, Attention attention) {
    int[] labels = trained.stream().mapToInt(LabelledData.Item::label).toArray();
    int[] predicted =
        LogisticRegression.train(features(trained, new FullAttention()), labels, 2, 1)
            .predict(features(TEST.items(), attention));
    var scores = new float[predicted.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = predicted[i];
    }
    return scores;
  }

  private float[][] features(List<LabelledData.Item> items, Attention attention) {
    var texts = items.stream().map(LabelledData.Item::text).toList();
    return embedder.embed(texts, attention, AttentionObserver.NONE).stream()
        .map(Embedding::vector)
        .toArray(float[][]::new);
  }

  @Test
  void onlyTheTestedSentencesHaveOtherAttention() {
    float[] exact = scores(50, new FullAttention());
    float[] clustered = scores(50, TinyTasks.clustered(1));
    assertArrayEquals(expected(TRAIN.items(), new FullAttention()), exact);
    assertArrayEquals(expected(TRAIN.items(), TinyTasks.clustered(1)), clustered);
    assertFalse(Arrays.equals(exact, clustered));
  }

  @Test
  void trainedIsWithAnEvenSpreadOfTheSentences() {
    var chosen = Stream.of(0, 7, 14, 21, 28, 35, 42).map(TRAIN.items()::get).toList();
    assertArrayEquals(expected(chosen, new FullAttention()), scores(7, new FullAttention()));
    var all = expected(TRAIN.items(), new FullAttention());
    assertArrayEquals(all, scores(1000, new FullAttention()));
    assertFalse(Arrays.equals(all, scores(7, new FullAttention())));
  }

  @Test
  void measuresCompareWithTheLabels() {
    var probe = new FeatureProbe(embedder, new FeatureProbe.Data(TRAIN, TEST, 50));
    int[] all = IntStream.range(0, 80).toArray();
    var right = new float[1][80];
    var wrong = new float[1][80];
    for (int i = 0; i < 80; i++) {
      right[0][i] = TEST.items().get(i).label();
      wrong[0][i] = 1 - right[0][i];
    }
    assertEquals(1, probe.measures().get(0).of(right, all));
    assertEquals(1, probe.measures().get(1).of(right, all), 1e-12);
    assertEquals(0, probe.measures().get(0).of(wrong, all));
    assertEquals(-1, probe.measures().get(1).of(wrong, all), 1e-12);
  }
}
