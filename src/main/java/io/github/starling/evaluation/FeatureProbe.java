package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.Embedder;
import java.util.ArrayList;
import java.util.List;

/**
 * Classifies sentences from frozen embeddings.
 *
 * <p>A logistic regression is trained on embeddings with exact attention, once, then tested on
 * those of other sentences with any attention; accuracy and Matthews' correlation as in GLUE (Wang
 * et al., arXiv:1804.07461). An item is a sentence.
 */
public final class FeatureProbe implements Task {
  /** On the squared weights, halved, beside the sum of the losses: what is usual. */
  private static final double PENALTY = 1;

  private final TextVectors vectors;
  private final int[] labels;
  private final Embedder embedder;
  private final Data data;

  /** Trained when it is needed: an evaluation that goes on may have all outcomes already. */
  private LogisticRegression classifier;

  /**
   * The sentences.
   *
   * @param train what to learn from
   * @param test what to classify, with the same classes
   * @param mostTrained sentences to learn from at most, spread evenly over all
   */
  public record Data(LabelledData train, LabelledData test, int mostTrained) {
    private List<LabelledData.Item> trained() {
      var items = train.items();
      int count = Math.min(mostTrained, items.size());
      var chosen = new ArrayList<LabelledData.Item>(count);
      for (int i = 0; i < count; i++) {
        chosen.add(items.get((int) ((long) i * items.size() / count)));
      }
      return chosen;
    }
  }

  /**
   * Takes the sentences.
   *
   * @param embedder closed with this task
   */
  public FeatureProbe(Embedder embedder, Data data) {
    this.embedder = embedder;
    this.data = data;
    vectors = texts(data.test().items());
    labels = labels(data.test().items());
  }

  private LogisticRegression train() {
    var trained = data.trained();
    float[][] features = texts(trained).embed(new FullAttention(), 0, _ -> {});
    int classes = data.train().classes().size();
    return LogisticRegression.train(features, labels(trained), classes, PENALTY);
  }

  private TextVectors texts(List<LabelledData.Item> items) {
    return new TextVectors(embedder, items.stream().map(LabelledData.Item::text).toList(), null);
  }

  private static int[] labels(List<LabelledData.Item> items) {
    return items.stream().mapToInt(LabelledData.Item::label).toArray();
  }

  @Override
  public int items() {
    return labels.length;
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        new Measure("accuracy", (scores, sample) -> agreement(scores).accuracy(sample)),
        new Measure("Matthews", (scores, sample) -> agreement(scores).matthews(sample)));
  }

  private LabelAgreement agreement(float[][] scores) {
    var predicted = new int[labels.length];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = (int) scores[0][i];
    }
    return new LabelAgreement(predicted, labels);
  }

  @Override
  public Inputs inputs() {
    return vectors.inputs();
  }

  @Override
  public float[][] scores(Attention attention, Progress progress) {
    if (classifier == null) {
      classifier = train();
    }
    float[][] features = vectors.embed(attention, 0, progress);
    int[] classes = classifier.predict(features);
    var predicted = new float[1][classes.length];
    for (int i = 0; i < classes.length; i++) {
      predicted[0][i] = classes[i];
    }
    return predicted;
  }

  @Override
  public void close() {
    vectors.embedder().close();
  }
}
