package io.github.starling.encoder;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.kernel.LogSumExp;
import io.github.starling.model.ModelType;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import io.github.starling.transformer.Dense;
import io.github.starling.transformer.GrowingMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sorts texts, or pairs of texts, into the classes that a model was tuned for.
 *
 * <p>Devlin et al., arXiv:1810.04805 §4.1: logits = f(h·Wᵀ + b)·Cᵀ + c of the first token, where f
 * is tanh, or in DistilBERT max(·, 0). Safe for any number of threads; their calls wait for each
 * other.
 */
public final class TextClassifier implements AutoCloseable {
  private final TextModel model;
  private final Dense first;
  private final Dense second;
  private final GrowingMatrix hidden;
  private final GrowingMatrix logits;
  private boolean closed;

  /**
   * A class that a text may be of.
   *
   * @param label its name in the model's config, such as LABEL_0 if it has none
   * @param probability softmax over the classes
   */
  public record Classification(String label, double probability) {}

  private TextClassifier(TextModel model) throws IOException {
    this.model = model;
    var type = model.folder().config().type();
    String dense =
        switch (type) {
          case BERT -> EncoderWeights.POOLER;
          case ROBERTA -> "classifier.dense";
          case DISTILBERT -> "pre_classifier";
        };
    String out = type == ModelType.ROBERTA ? "classifier.out_proj" : "classifier";
    for (String name : List.of(dense, out)) {
      if (!model.folder().hasTensor(name + ".weight")) {
        throw model.lacks("head for classes", name + ".weight");
      }
    }
    first = model.dense(dense, model.folder().config().hiddenSize());
    second = model.dense(out, 0);
    hidden = new GrowingMatrix(first.weights().outputs());
    logits = new GrowingMatrix(second.weights().outputs());
  }

  /**
   * Opens a model.
   *
   * @param folder a Hugging Face model folder
   * @param threads number of threads, the caller's included, ≥ 1
   * @throws IllegalArgumentException if there is no thread
   * @throws IOException if it is not one of a BERT-family encoder, or has no head for classes
   */
  public static TextClassifier open(Path folder, int threads) throws IOException {
    return TextModel.open(folder, threads, TextClassifier::new);
  }

  /** Returns the classes of texts, see {@link #classify(List, Attention)}; automatic attention. */
  public List<List<Classification>> classify(List<String> texts) {
    return classify(texts, new AutomaticAttention());
  }

  /**
   * Returns the classes of texts.
   *
   * @param attention how tokens attend to each other
   * @return for each text every class, the likeliest first
   * @throws IllegalArgumentException if a text is longer than the model's positions
   */
  public List<List<Classification>> classify(List<String> texts, Attention attention) {
    return classifySequences(
        texts.stream().map(t -> TokenSequence.of(model.tokenizer().encode(t))).toList(), attention);
  }

  /**
   * Returns the classes of a pair of texts, such as premise and hypothesis; automatic attention.
   *
   * @return every class, the likeliest first
   * @throws IllegalArgumentException if the texts together are longer than the model's positions
   */
  public List<Classification> classify(String text, String second) {
    int[] a = model.tokenizer().encodeWithoutSpecials(text);
    int[] b = model.tokenizer().encodeWithoutSpecials(second);
    var pair = model.pair(a, b, 0, b.length);
    return classifySequences(List.of(pair), new AutomaticAttention()).getFirst();
  }

  private synchronized List<List<Classification>> classifySequences(
      List<TokenSequence> sequences, Attention attention) {
    var classes = new ArrayList<List<Classification>>();
    model
        .encoder()
        .encodeEach(
            sequences,
            attention,
            AttentionObserver.NONE,
            (index, tokens) -> classes.add(ranked(logits(tokens.rows(0, 1)))));
    return classes;
  }

  /** Computes the logits from the first token, shape (1, d). */
  private float[] logits(Matrix token) {
    var product = model.encoder().product();
    var row = hidden.rows(1);
    first.apply(token, row, product);
    boolean isRectified = model.encoder().config().type() == ModelType.DISTILBERT;
    for (int c = 0; c < row.columns(); c++) {
      float x = row.get(0, c);
      row.set(0, c, isRectified ? Math.max(x, 0) : (float) Math.tanh(x));
    }
    var out = logits.rows(1);
    second.apply(row, out, product);
    return out.toArray()[0];
  }

  private List<Classification> ranked(float[] logits) {
    double total = LogSumExp.of(logits);
    var labels = model.folder().labels(logits.length);
    return IntStream.range(0, logits.length)
        .mapToObj(c -> new Classification(labels.get(c), Math.exp(logits[c] - total)))
        .sorted(Comparator.comparingDouble(Classification::probability).reversed())
        .toList();
  }

  /** Frees weights and threads, once a call that is running has ended. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    model.close();
    hidden.close();
    logits.close();
  }
}
