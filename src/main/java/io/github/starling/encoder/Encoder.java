package io.github.starling.encoder;

import io.github.starling.attention.Attention;
import io.github.starling.kernel.MatrixProduct;
import io.github.starling.kernel.Profile;
import io.github.starling.model.EncoderConfig;
import io.github.starling.model.ModelFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import io.github.starling.transformer.Dense;
import io.github.starling.transformer.EncoderStack;
import io.github.starling.transformer.Workspace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * A BERT-family encoder: token ids to one vector for each token, with any kind of attention.
 *
 * <p>Devlin et al., arXiv:1810.04805 §3. Sequences of a call lie one after another without padding,
 * so a call costs its tokens; what comes out of a sequence is the same, bit for bit, in any company
 * and on any number of threads. Calls from several threads wait for each other.
 */
public final class Encoder implements AutoCloseable {
  /**
   * Sequences are encoded together up to so many tokens: enough for the products to run at speed.
   */
  private static final int BATCH_TOKENS = 1024;

  private final Arena arena;
  private final ModelFolder folder;
  private final EncoderWeights weights;
  private final Workspace work;
  private final EncoderStack stack;
  private boolean closed;

  private Encoder(Arena arena, ModelFolder folder, int threads) throws IOException {
    this.arena = arena;
    this.folder = folder;
    weights = EncoderWeights.load(folder, arena);
    var config = folder.config();
    // its threads must not outlive a failure: nothing after it fails
    work = new Workspace(config.hiddenSize(), config.intermediateSize(), threads);
    stack = EncoderStack.normLast(work, config.heads(), weights.layers());
  }

  /**
   * Opens a model and packs its weights.
   *
   * @param path a Hugging Face model folder
   * @param threads number of threads, the caller's included, ≥ 1
   * @throws IllegalArgumentException if there is no thread
   * @throws IOException if the folder is not one of a BERT-family encoder, see {@link ModelFolder}
   */
  public static Encoder open(Path path, int threads) throws IOException {
    var arena = Arena.ofShared();
    try {
      return new Encoder(arena, ModelFolder.open(path, arena), threads);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** Returns the shape of the model. */
  public EncoderConfig config() {
    return folder.config();
  }

  /** Returns the folder that the model is from. */
  public ModelFolder folder() {
    return folder;
  }

  /**
   * Has later calls say where their time goes.
   *
   * @param profile takes their phases; null, as at first, for none
   */
  public void profile(Profile profile) {
    work.workers().profile(profile);
  }

  /** Returns what takes the phases, or null. */
  Profile profile() {
    return work.workers().profile();
  }

  /** Returns the thread time since a {@link System#nanoTime}. */
  long threadNanosSince(long start) {
    return (System.nanoTime() - start) * work.workers().threads();
  }

  /** Returns the dense layer of BERT's pooler, or null if the model has none. */
  Dense pooler() {
    return weights.pooler();
  }

  /** Returns the word embeddings, shape (vocabulary, d). */
  Matrix words() {
    return weights.words();
  }

  /** Returns what computes the products of heads, while this encoder is locked. */
  MatrixProduct product() {
    return work.product();
  }

  /**
   * Encodes sequences.
   *
   * @param sequences what to read, each at most {@link EncoderConfig#maxPositions} long
   * @param attention how tokens attend to those of their sequence
   * @param observer sees the heads of every layer
   * @param out takes the vectors of the first sequence's tokens, then those of the second, and so
   *     on, shape (tokens of all sequences, d)
   * @throws IllegalArgumentException if a sequence is too long, an id or type is not the model's,
   *     or {@code out} has another shape
   * @throws IllegalStateException if this encoder is closed
   */
  public synchronized void encode(
      List<TokenSequence> sequences, Attention attention, AttentionObserver observer, Matrix out) {
    int tokens = check(sequences);
    int d = config().hiddenSize();
    if (out.rows() != tokens || out.columns() != d) {
      throw new IllegalArgumentException(
          "the output has shape %s but needs (%d, %d)".formatted(out.shape(), tokens, d));
    }
    // by this thread: the arena of out may be confined to it
    encode(sequences, attention, observer).copyTo(out);
  }

  /** Encodes sequences into memory that the next call uses again, shape (tokens, d). */
  synchronized Matrix encode(
      List<TokenSequence> sequences, Attention attention, AttentionObserver observer) {
    if (closed) {
      throw new IllegalStateException("this encoder is closed");
    }
    var x = stack.begin(check(sequences));
    if (x.rows() == 0) {
      return x;
    }
    embed(sequences, x);
    return stack.run(sequences.stream().map(TokenSequence::length).toList(), attention, observer);
  }

  /** Takes the vectors of a sequence's tokens. */
  @FunctionalInterface
  public interface Output {
    /**
     * Called for each sequence in turn.
     *
     * @param index which sequence, from 0
     * @param tokens shape (n, d), memory that is used again after this call
     */
    void encoded(int index, Matrix tokens);
  }

  /**
   * Encodes any number of sequences, some at a time.
   *
   * @param sequences what to read, each at most {@link EncoderConfig#maxPositions} long
   * @param attention how tokens attend to those of their sequence
   * @param observer sees the heads of every layer, some sequences at a time
   * @param output takes the vectors of each sequence's tokens
   * @throws IllegalArgumentException if a sequence is too long, or an id or type is not the model's
   * @throws IllegalStateException if this encoder is closed
   */
  public synchronized void encodeEach(
      List<TokenSequence> sequences,
      Attention attention,
      AttentionObserver observer,
      Output output) {
    for (int from = 0; from < sequences.size(); ) {
      int to = from;
      int tokens = 0;
      do {
        tokens += sequences.get(to++).length();
      } while (to < sequences.size() && tokens + sequences.get(to).length() <= BATCH_TOKENS);
      var encoded = encode(sequences.subList(from, to), attention, observer);
      int row = 0;
      for (; from < to; from++) {
        int n = sequences.get(from).length();
        output.encoded(from, encoded.rows(row, n));
        row += n;
      }
    }
  }

  private int check(List<TokenSequence> sequences) {
    int tokens = 0;
    for (int s = 0; s < sequences.size(); s++) {
      var sequence = sequences.get(s);
      if (sequence.length() > config().maxPositions()) {
        throw new IllegalArgumentException(
            "sequence %d has %d tokens but the model reads at most %d"
                .formatted(s, sequence.length(), config().maxPositions()));
      }
      checkRange(sequence.ids(), config().vocabularySize(), "id");
      checkRange(sequence.types(), Math.max(1, config().typeVocabularySize()), "type");
      tokens = Math.addExact(tokens, sequence.length());
    }
    return tokens;
  }

  private static void checkRange(int[] values, int bound, String what) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= bound) {
        throw new IllegalArgumentException(
            "token %d has %s %d but the model knows 0 to %d"
                .formatted(i, what, values[i], bound - 1));
      }
    }
  }

  /** Writes LayerNorm(word + position + type) of each token. */
  private void embed(List<TokenSequence> sequences, Matrix x) {
    int row = 0;
    for (var sequence : sequences) {
      for (int i = 0; i < sequence.length(); i++) {
        weights.words().copyRow(sequence.ids()[i], x, row + i);
      }
      for (int from = 0; from < sequence.length(); ) {
        int count = runLength(sequence.types(), from);
        int place = sequence.types()[from] * config().maxPositions() + from;
        weights
            .norm()
            .addAndNormalize(x.rows(row + from, count), weights.places().rows(place, count));
        from += count;
      }
      row += sequence.length();
    }
  }

  private static int runLength(int[] types, int from) {
    int end = from + 1;
    while (end < types.length && types[end] == types[from]) {
      end++;
    }
    return end - from;
  }

  /** Frees weights and threads, once a call that is running has ended. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    work.close();
    arena.close();
  }
}
