package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.Embedding;
import io.github.starling.encoder.TinyModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceSimilarityTest {
  private static final String FIRST = TinyModel.text(9, 1);
  private static final String SECOND = TinyModel.text(7, 2);

  @TempDir Path folder;
  private Embedder embedder;
  private SentenceSimilarity task;

  @BeforeEach
  void open() throws Exception {
    TinyModel.writeWithHeads(folder);
    embedder = TinyTasks.embedder(folder, 1);
    task =
        new SentenceSimilarity(
            embedder,
            new StsData(
                List.of(
                    new StsData.Pair(FIRST, SECOND, 1),
                    new StsData.Pair(FIRST, FIRST, 5),
                    new StsData.Pair(SECOND, FIRST, 0))));
  }

  @AfterEach
  void close() {
    task.close();
  }

  @Test
  void aScoreIsTheCosineOfThePair() {
    float[] scores = task.scores(new FullAttention(), _ -> {})[0];
    double cosine =
        Embedding.cosine(embedder.embed(FIRST).vector(), embedder.embed(SECOND).vector());
    assertEquals((float) cosine, scores[0]);
    assertEquals(1, scores[1], 1e-6);
    assertEquals(scores[0], scores[2]);
  }

  @Test
  void measuresAreCorrelationsWithWhatPeopleSay() {
    int[] all = {0, 1, 2};
    // ranks 2, 3, 1 as people have them
    assertEquals(1, task.measures().get(0).of(new float[][] {{0.8f, 0.9f, 0.1f}}, all), 1e-12);
    assertEquals(-0.5, task.measures().get(0).of(new float[][] {{0.8f, 0.1f, 0.5f}}, all), 1e-12);
    // of 0, 0, 1 and 1, 5, 0: products −2, squares 2/3 and 14 about the means
    double pearson = -2 / Math.sqrt(14 * 2.0 / 3);
    assertEquals(pearson, task.measures().get(1).of(new float[][] {{0, 0, 1}}, all), 1e-12);
  }
}
