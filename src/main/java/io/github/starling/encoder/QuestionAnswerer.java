package io.github.starling.encoder;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.text.Tokenizer;
import io.github.starling.transformer.AttentionObserver;
import io.github.starling.transformer.Dense;
import io.github.starling.transformer.GrowingMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the answer to a question in a text, word for word.
 *
 * <p>Devlin et al., arXiv:1810.04805 §4.2: each token of the text has a logit as the first and one
 * as the last of the answer; the score of a span is their sum. The model reads question and text as
 * a pair. Safe for any number of threads; their calls wait for each other.
 *
 * <pre>{@code
 * try (var model = QuestionAnswerer.open(folder, 2)) {
 *   model.answer("Who wrote it?", "It was written by Ann Smith.").getFirst().text(); // Ann Smith
 * }
 * }</pre>
 */
public final class QuestionAnswerer implements AutoCloseable {
  private static final String HEAD = "qa_outputs";

  private final TextModel model;
  private final Dense head;
  private final GrowingMatrix logitRows = new GrowingMatrix(2);
  private boolean closed;

  /**
   * What to read.
   *
   * @param question what is asked
   * @param text where the answer is looked for
   */
  public record Query(String question, String text) {}

  /**
   * A span of the text.
   *
   * @param text the characters {@code start} to {@code end - 1} of the text
   * @param score sum of the logits of its first and last token
   * @param probability softmax of the score over all admissible spans
   */
  public record Answer(String text, int start, int end, float score, double probability) {}

  /**
   * How to read.
   *
   * @param maxTokens of question and text together, at most the model's positions
   * @param maxQuestionTokens to which a longer question is cut
   * @param maxAnswerTokens of an answer
   * @param longText what to do with a text that does not fit: windows share at least twice the
   *     tokens of an answer, and an answer counts in the one that owns its first token
   * @param count answers to return, the best first
   */
  public record Options(
      int maxTokens, int maxQuestionTokens, int maxAnswerTokens, LongText longText, int count) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public Options {
      if (Math.min(Math.min(maxTokens, maxQuestionTokens), Math.min(maxAnswerTokens, count)) < 1) {
        throw new IllegalArgumentException(
            "tokens and answers must be at least 1, not %d, %d, %d and %d"
                .formatted(maxTokens, maxQuestionTokens, maxAnswerTokens, count));
      }
    }

    /**
     * As BERT's authors read SQuAD: windows, 64 tokens of a question, 30 of an answer; the best.
     */
    public static Options defaults(QuestionAnswerer model) {
      return new Options(model.model.folder().maxSequenceLength(), 64, 30, LongText.WINDOW, 1);
    }

    /** Returns these options with another number of answers. */
    public Options withCount(int other) {
      return new Options(maxTokens, maxQuestionTokens, maxAnswerTokens, longText, other);
    }
  }

  private QuestionAnswerer(TextModel model) throws IOException {
    this.model = model;
    if (!model.folder().hasTensor(HEAD + ".weight")) {
      throw model.lacks("head for questions", HEAD + ".weight");
    }
    head = model.dense(HEAD, 0);
    if (head.weights().outputs() != 2) {
      throw new IOException(
          "%s: %s must have 2 outputs, start and end, but has %d"
              .formatted(model.folder().path(), HEAD, head.weights().outputs()));
    }
  }

  /**
   * Opens a model.
   *
   * @param folder a Hugging Face model folder
   * @param threads number of threads, the caller's included, ≥ 1
   * @throws IllegalArgumentException if there is no thread
   * @throws IOException if it is not one of a BERT-family encoder, or has no head for questions
   */
  public static QuestionAnswerer open(Path folder, int threads) throws IOException {
    return TextModel.open(folder, threads, QuestionAnswerer::new);
  }

  /** Returns the encoder below the head. */
  public Encoder encoder() {
    return model.encoder();
  }

  /** Returns the tokenizer of the model. */
  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  /** Answers with automatic attention and {@link Options#defaults}. */
  public List<Answer> answer(String question, String text) {
    return answer(
            List.of(new Query(question, text)), Options.defaults(this), new AutomaticAttention())
        .getFirst();
  }

  /**
   * Answers questions.
   *
   * @param attention how tokens attend to each other
   * @return for each query, the best answers, the best first; none if the text has no token
   * @throws IllegalArgumentException if the options leave no room for the text, or a text is too
   *     long and {@link LongText#ERROR} is chosen
   */
  public synchronized List<List<Answer>> answer(
      List<Query> queries, Options options, Attention attention) {
    var readings = new ArrayList<SpanReading>();
    var sequences = new ArrayList<TokenSequence>();
    var owners = new ArrayList<SpanReading>();
    for (var query : queries) {
      var reading = new SpanReading(model, query, options);
      readings.add(reading);
      sequences.addAll(reading.sequences());
      reading.sequences().forEach(sequence -> owners.add(reading));
    }
    logits(sequences, attention, (index, logits) -> owners.get(index).take(logits));
    return readings.stream().map(SpanReading::answers).toList();
  }

  /**
   * Returns what the model reads for a query: question and text, in one window or several.
   *
   * @throws IllegalArgumentException as {@link #answer(List, Options, Attention)}
   */
  public List<TokenSequence> sequences(Query query, Options options) {
    return new SpanReading(model, query, options).sequences();
  }

  /**
   * Returns the logits that answers are made of, window by window.
   *
   * @param attention how tokens attend to each other
   * @return shape (2, n) for the n tokens of the text in a window: each as the first of an answer,
   *     and as the last
   * @throws IllegalArgumentException as {@link #answer(List, Options, Attention)}
   */
  public synchronized List<float[][]> spanLogits(
      Query query, Options options, Attention attention) {
    var reading = new SpanReading(model, query, options);
    var windows = new ArrayList<float[][]>();
    logits(reading.sequences(), attention, (_, logits) -> windows.add(reading.ofText(logits)));
    return windows;
  }

  /** Computes the logits of each token as the first and last of an answer, shape (n, 2). */
  synchronized void logits(
      List<TokenSequence> sequences, Attention attention, Encoder.Output output) {
    model
        .encoder()
        .encodeEach(
            sequences,
            attention,
            AttentionObserver.NONE,
            (index, tokens) -> {
              var logits = logitRows.rows(tokens.rows());
              head.apply(tokens, logits, model.encoder().product());
              output.encoded(index, logits);
            });
  }

  /** Frees weights and threads, once a call that is running has ended. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    model.close();
    logitRows.close();
  }
}
