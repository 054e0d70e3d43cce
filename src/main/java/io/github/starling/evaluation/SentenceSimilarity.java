package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.Embedding;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares how alike sentences are with what people say.
 *
 * <p>STS benchmark, Cer et al., arXiv:1708.00055 §8: correlation between the cosine of two
 * sentences' embeddings and the score that people gave. An item is a pair.
 */
public final class SentenceSimilarity implements Task {
  private final TextVectors vectors;
  private final double[] expected;

  /**
   * Takes the pairs.
   *
   * @param embedder closed with this task; its prompt named query goes before each sentence, unless
   *     that is for questions only
   */
  public SentenceSimilarity(Embedder embedder, StsData data) {
    var texts = new ArrayList<String>();
    for (var pair : data.pairs()) {
      texts.add(pair.first());
      texts.add(pair.second());
    }
    vectors = TextVectors.ofEquals(embedder, texts);
    expected = data.pairs().stream().mapToDouble(StsData.Pair::score).toArray();
  }

  @Override
  public int items() {
    return expected.length;
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        new Measure("Spearman", (scores, sample) -> orZero(correlation(scores).spearman(sample))),
        new Measure("Pearson", (scores, sample) -> orZero(correlation(scores).pearson(sample))));
  }

  /** A sample may be one pair again and again, which correlates with nothing. */
  private static double orZero(double correlation) {
    return Double.isNaN(correlation) ? 0 : correlation;
  }

  private Correlation correlation(float[][] scores) {
    var cosines = new double[expected.length];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = scores[0][i];
    }
    return new Correlation(cosines, expected);
  }

  @Override
  public Inputs inputs() {
    return vectors.inputs();
  }

  @Override
  public float[][] scores(Attention attention, Progress progress) {
    float[][] embeddings = vectors.embed(attention, 0, progress);
    var cosines = new float[items()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = (float) Embedding.cosine(embeddings[2 * i], embeddings[2 * i + 1]);
    }
    return new float[][] {cosines};
  }

  @Override
  public void close() {
    vectors.embedder().close();
  }
}
