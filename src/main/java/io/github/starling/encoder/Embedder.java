package io.github.starling.encoder;

import io.github.starling.attention.Attention;
import io.github.starling.kernel.Work;
import io.github.starling.model.ModelFolder;
import io.github.starling.tensor.Matrix;
import io.github.starling.text.Tokenizer;
import io.github.starling.transformer.AttentionObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns texts into vectors.
 *
 * <pre>{@code
 * try (var embedder = Embedder.open(folder)) {
 *   float[] vector = embedder.embed("A starling is a small bird.").vector();
 * }
 * }</pre>
 *
 * <p>The vector of a text is the same, bit for bit, alone or in a batch and on any number of
 * threads. An empty text has a vector too, that of {@code [CLS] [SEP]}. Safe for any number of
 * threads; their calls wait for each other.
 */
public final class Embedder implements AutoCloseable {
  private final Encoder encoder;
  private final EmbedderOptions options;
  private final Tokenizer tokenizer;
  private final WindowPooling pooling;
  private final boolean isNormalized;
  private boolean closed;

  private Embedder(Encoder encoder, EmbedderOptions options) throws IOException {
    this.encoder = encoder;
    this.options = options;
    var folder = encoder.folder();
    if (folder.maxSequenceLength() < 3) {
      throw new IllegalArgumentException(
          "%s: a model that reads %d tokens at most has no room for text"
              .formatted(folder.path(), folder.maxSequenceLength()));
    }
    tokenizer = Tokenizers.of(folder.tokenizer());
    isNormalized = options.normalize().orElse(folder.isNormalized());
    pooling = new WindowPooling(options.pooling().orElse(folder.pooling()), encoder);
  }

  /**
   * Opens a model with {@link EmbedderOptions#defaults}.
   *
   * @param folder a Hugging Face model folder
   * @throws IOException if it is not one of a BERT-family encoder, see {@link ModelFolder}
   */
  public static Embedder open(Path folder) throws IOException {
    return open(folder, EmbedderOptions.defaults());
  }

  /**
   * Opens a model.
   *
   * @param folder a Hugging Face model folder
   * @throws IllegalArgumentException if the model has no pooler but the options ask for it, or
   *     there is no thread
   * @throws IOException if it is not one of a BERT-family encoder, see {@link ModelFolder}
   */
  public static Embedder open(Path folder, EmbedderOptions options) throws IOException {
    var encoder = Encoder.open(folder, options.threads());
    try {
      return new Embedder(encoder, options);
    } catch (IOException | RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }

  /** Returns the encoder, for the vectors of single tokens. */
  public Encoder encoder() {
    return encoder;
  }

  /** Returns the tokenizer of the model. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Returns what the model reads for a text, prompts aside: one sequence, or a window after the
   * other.
   *
   * @throws IllegalArgumentException if the text is longer than the model's positions and {@link
   *     LongText#ERROR} is chosen
   */
  public List<TokenSequence> sequences(String text) {
    int positions = encoder.folder().maxSequenceLength();
    return Windows.of(tokenizer.encode(text), positions, options.longText()).stream()
        .map(Window::tokens)
        .toList();
  }

  /**
   * Embeds a text.
   *
   * @throws IllegalArgumentException if the text is longer than the model's positions and {@link
   *     LongText#ERROR} is chosen
   */
  public Embedding embed(String text) {
    return embed(List.of(text)).getFirst();
  }

  /**
   * Embeds texts, with the prompt before each that the model has for texts of any purpose, if any.
   *
   * @return one embedding for each text, in their order
   * @throws IllegalArgumentException if a text is longer than the model's positions and {@link
   *     LongText#ERROR} is chosen
   */
  public List<Embedding> embed(List<String> texts) {
    return embed(texts, options.attention(), AttentionObserver.NONE);
  }

  /**
   * Embeds texts with one of the model's prompts before each.
   *
   * @param prompt its name, such as query or passage
   * @return one embedding for each text, in their order
   * @throws IllegalArgumentException if the model has no such prompt, or as {@link #embed(List)}
   */
  public List<Embedding> embed(List<String> texts, String prompt) {
    return embed(texts, prompt, options.attention(), AttentionObserver.NONE);
  }

  /**
   * Embeds texts with another attention than that of the options.
   *
   * @param texts what to embed
   * @param attention how tokens attend to each other
   * @param observer sees the heads of every layer, some texts or windows at a time
   * @return one embedding for each text, in their order
   * @throws IllegalArgumentException if a text is longer than the model's positions and {@link
   *     LongText#ERROR} is chosen
   */
  public List<Embedding> embed(
      List<String> texts, Attention attention, AttentionObserver observer) {
    return embedAfter(encoder.folder().prompts().usual(), texts, attention, observer);
  }

  /**
   * Embeds texts with one of the model's prompts before each, and another attention than that of
   * the options.
   *
   * @param prompt its name, such as query or passage
   * @return one embedding for each text, in their order
   * @throws IllegalArgumentException if the model has no such prompt, or as {@link #embed(List)}
   */
  public List<Embedding> embed(
      List<String> texts, String prompt, Attention attention, AttentionObserver observer) {
    return embedAfter(encoder.folder().prompts().text(prompt), texts, attention, observer);
  }

  private List<Embedding> embedAfter(
      String prompt, List<String> texts, Attention attention, AttentionObserver observer) {
    var profile = encoder.profile();
    long start = profile == null ? 0 : System.nanoTime();
    var embeddings = new ArrayList<Embedding>(texts.size());
    var parts = new ArrayList<Part>(texts.size());
    int positions = encoder.folder().maxSequenceLength();
    for (String text : texts) {
      int[] ids = tokenizer.encode(prompt + text);
      var windows = Windows.of(ids, positions, options.longText());
      int used = windows.stream().mapToInt(Window::ownedCount).sum();
      var embedding = new Embedding(new float[encoder.config().hiddenSize()], ids.length, used);
      embeddings.add(embedding);
      windows.forEach(window -> parts.add(new Part(window, embedding)));
    }
    if (profile != null) {
      profile.add("tokenization", encoder.threadNanosSince(start), Work.NONE);
    }
    encode(parts, attention, observer);
    if (isNormalized) {
      embeddings.forEach(e -> WindowPooling.normalize(e.vector()));
    }
    return embeddings;
  }

  /** A window and the embedding that it adds to. */
  private record Part(Window window, Embedding embedding) {}

  private synchronized void encode(
      List<Part> parts, Attention attention, AttentionObserver observer) {
    if (closed) {
      throw new IllegalStateException("this embedder is closed");
    }
    var sequences = parts.stream().map(part -> part.window().tokens()).toList();
    encoder.encodeEach(
        sequences, attention, observer, (index, tokens) -> pool(parts.get(index), tokens));
  }

  private void pool(Part part, Matrix tokens) {
    var profile = encoder.profile();
    long start = profile == null ? 0 : System.nanoTime();
    var embedding = part.embedding();
    pooling.add(tokens, part.window(), embedding.usedTokens(), embedding.vector());
    if (profile != null) {
      var pass = Work.floats((double) tokens.rows() * tokens.columns());
      profile.add("pooling", encoder.threadNanosSince(start), pass);
    }
  }

  /** Frees weights and threads, once a call that is running has ended. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    encoder.close();
  }
}
