package io.github.starling.encoder;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;
import io.github.starling.kernel.DenseWeights;
import io.github.starling.kernel.LayerNorm;
import io.github.starling.kernel.LogSumExp;
import io.github.starling.model.Activation;
import io.github.starling.model.ModelFolder;
import io.github.starling.model.ModelType;
import io.github.starling.tensor.Matrix;
import io.github.starling.text.Tokenizer;
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
 * Guesses masked words.
 *
 * <pre>{@code
 * try (var model = MaskedLanguageModel.open(folder, 2)) {
 *   model.fill("The capital of France is [MASK].", 5).getFirst().getFirst().text(); // paris
 * }
 * }</pre>
 *
 * <p>Devlin et al., arXiv:1810.04805 §3.1, with the head of their code: logits =
 * LayerNorm(gelu(h·Wᵀ + b))·Eᵀ + c, E the word embeddings. Safe for any number of threads; their
 * calls wait for each other.
 */
public final class MaskedLanguageModel implements AutoCloseable {
  private static final String HEAD = "cls.predictions.";
  private static final String TRANSFORM = HEAD + "transform.dense";
  private static final String NORM = HEAD + "transform.LayerNorm";
  private static final String DECODER = HEAD + "decoder.weight";

  private final TextModel model;
  private final Dense transform;
  private final LayerNorm norm;
  private final Dense decoder;
  private final GrowingMatrix hiddenRows;
  private final GrowingMatrix transformedRows;
  private final GrowingMatrix logitRows;
  private boolean closed;

  /**
   * A word that may stand at a mask.
   *
   * @param id vocabulary id
   * @param text what the token stands for in a text
   * @param probability softmax over the vocabulary
   */
  public record Guess(int id, String text, double probability) {}

  /** Takes the logits of a sequence's chosen positions. */
  @FunctionalInterface
  public interface Logits {
    /**
     * Called for each sequence in turn.
     *
     * @param index which sequence, from 0
     * @param logits shape (positions, vocabulary), memory that is used again after this call
     */
    void computed(int index, Matrix logits);
  }

  private MaskedLanguageModel(TextModel model) throws IOException {
    this.model = model;
    var folder = model.folder();
    if (!folder.hasTensor(TRANSFORM + ".weight")) {
      throw model.lacks("head for masked words", TRANSFORM + ".weight");
    }
    int d = folder.config().hiddenSize();
    transform = model.dense(TRANSFORM, d);
    folder.check(NORM + ".weight", d);
    folder.check(NORM + ".bias", d);
    norm = EncoderWeights.loadNorm(folder, NORM);
    decoder = loadDecoder(folder);
    hiddenRows = new GrowingMatrix(d);
    transformedRows = new GrowingMatrix(d);
    logitRows = new GrowingMatrix(folder.config().vocabularySize());
  }

  /** Its weights are the word embeddings, unless the file has others. */
  private Dense loadDecoder(ModelFolder folder) throws IOException {
    var config = folder.config();
    Matrix words = model.encoder().words();
    if (folder.hasTensor(DECODER)) {
      folder.check(DECODER, config.vocabularySize(), config.hiddenSize());
      words = folder.tensor(DECODER).matrix(model.arena());
    }
    String bias = HEAD + "bias";
    if (!folder.hasTensor(bias)) {
      bias = HEAD + "decoder.bias";
    }
    folder.check(bias, config.vocabularySize());
    return new Dense(new DenseWeights(words, folder.tensor(bias).matrix(model.arena())));
  }

  /**
   * Opens a model.
   *
   * @param folder a Hugging Face model folder
   * @param threads number of threads, the caller's included, ≥ 1
   * @throws IllegalArgumentException if there is no thread
   * @throws IOException if it is not one of a BERT-family encoder, or has no head for masked words
   */
  public static MaskedLanguageModel open(Path folder, int threads) throws IOException {
    return TextModel.open(folder, threads, MaskedLanguageModel::new);
  }

  /** Returns the encoder below the head. */
  public Encoder encoder() {
    return model.encoder();
  }

  /** Returns the tokenizer of the model. */
  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  /** Guesses with automatic attention, see {@link #fill(String, int, Attention)}. */
  public List<List<Guess>> fill(String text, int count) {
    return fill(text, count, new AutomaticAttention());
  }

  /**
   * Guesses the masked words of a text.
   *
   * @param text holds the tokenizer's mask, such as {@code [MASK]}, at least once
   * @param count guesses for each mask, ≥ 1
   * @param attention how tokens attend to each other
   * @return for each mask, the likeliest tokens, the best first
   * @throws IllegalArgumentException if the text has no mask or is longer than the model's
   *     positions, or count is less than 1
   */
  public List<List<Guess>> fill(String text, int count, Attention attention) {
    if (count < 1) {
      throw new IllegalArgumentException("there must be at least 1 guess, not " + count);
    }
    int[] ids = tokenizer().encode(text);
    int mask =
        tokenizer()
            .mask()
            .orElseThrow(() -> new IllegalArgumentException("this vocabulary has no mask"));
    int[] positions = IntStream.range(0, ids.length).filter(i -> ids[i] == mask).toArray();
    if (positions.length == 0) {
      throw new IllegalArgumentException(
          "the text has no "
              + tokenizer().token(mask)
              + ", which stands for the word to be guessed");
    }
    var guesses = new ArrayList<List<Guess>>();
    logits(
        List.of(TokenSequence.of(ids)),
        List.of(positions),
        attention,
        (index, logits) -> {
          for (int r = 0; r < logits.rows(); r++) {
            guesses.add(best(logits.rows(r, 1).toArray()[0], count));
          }
        });
    return guesses;
  }

  private List<Guess> best(float[] logits, int count) {
    double total = LogSumExp.of(logits);
    return IntStream.range(0, Math.min(logits.length, tokenizer().size()))
        .boxed()
        .sorted(Comparator.comparingDouble(id -> -logits[id]))
        .limit(count)
        .map(id -> new Guess(id, tokenizer().text(id), Math.exp(logits[id] - total)))
        .toList();
  }

  /**
   * Computes the logits of some tokens of each sequence.
   *
   * @param positions tokens of each sequence whose words are guessed
   * @param attention how tokens attend to each other
   * @param output takes the logits
   * @throws IllegalArgumentException if a sequence is too long, or an id or type is not the model's
   */
  public synchronized void logits(
      List<TokenSequence> sequences, List<int[]> positions, Attention attention, Logits output) {
    model
        .encoder()
        .encodeEach(
            sequences,
            attention,
            AttentionObserver.NONE,
            (index, tokens) -> output.computed(index, logits(tokens, positions.get(index))));
  }

  private Matrix logits(Matrix tokens, int[] positions) {
    var hidden = hiddenRows.rows(positions.length);
    for (int r = 0; r < positions.length; r++) {
      tokens.copyRow(positions[r], hidden, r);
    }
    var product = model.encoder().product();
    var transformed = transformedRows.rows(positions.length);
    transform.apply(hidden, transformed, product);
    activation().apply(transformed);
    norm.normalize(transformed);
    var logits = logitRows.rows(positions.length);
    decoder.apply(transformed, logits, product);
    return logits;
  }

  /** RoBERTa's head has the error function whatever the config says of the layers. */
  private Activation activation() {
    var config = model.encoder().config();
    return config.type() == ModelType.ROBERTA ? Activation.GELU_ERF : config.activation();
  }

  /** Frees weights and threads, once a call that is running has ended. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    model.close();
    hiddenRows.close();
    transformedRows.close();
    logitRows.close();
  }
}
