package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A BERT-family encoder in a Hugging Face model folder.
 *
 * <p>Read are {@code config.json}, {@code model.safetensors}, {@code tokenizer.json} or else {@code
 * vocab.txt}, or {@code vocab.json} and {@code merges.txt}, with {@code tokenizer_config.json},
 * and, where present, {@code modules.json}, the pooling's {@code config.json} and {@code
 * sentence_bert_config.json}. Opening checks that every tensor of the encoder is there with its
 * shape; weights stay on disk until they are read.
 */
public final class ModelFolder {
  static final String WEIGHTS = "model.safetensors";
  static final String TOKENIZER = "tokenizer.json";
  static final String SENTENCE_CONFIG = "sentence_bert_config.json";

  private final Path path;
  private final EncoderConfig config;
  private final TokenizerConfig tokenizer;
  private final EmbeddingHead head;
  private final int maxSequenceLength;
  private final ModelWeights weights;

  private ModelFolder(Path path, Arena arena) throws IOException {
    this.path = path;
    config = EncoderConfig.of(JsonObject.read(required(EncoderConfig.FILE)));
    weights = new ModelWeights(Safetensors.open(required(WEIGHTS), arena));
    weights.check(config);
    tokenizer = readTokenizer();
    if (tokenizer.vocabulary().size() > config.vocabularySize()) {
      throw new FormatException(
          path.resolve(EncoderConfig.FILE),
          0,
          "vocab_size is %d but the tokenizer has %d tokens"
              .formatted(config.vocabularySize(), tokenizer.vocabulary().size()));
    }
    head = EmbeddingHead.read(path);
    maxSequenceLength = readMaxSequenceLength();
  }

  /**
   * Opens a folder.
   *
   * @param path the folder
   * @param arena owner of the mapped weights
   * @throws FormatException if a file is damaged, or of a model or tokenizer that is not supported
   * @throws IOException if a file is missing or cannot be read; the message names it
   */
  public static ModelFolder open(Path path, Arena arena) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new NoSuchFileException(path.toString(), null, "no such model folder");
    }
    return new ModelFolder(path, arena);
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Returns the shape of the encoder. */
  public EncoderConfig config() {
    return config;
  }

  /** Returns how text becomes ids. */
  public TokenizerConfig tokenizer() {
    return tokenizer;
  }

  /** Returns how tokens become one embedding; the mean where the folder does not say. */
  public Pooling pooling() {
    return head.pooling();
  }

  /** Tells whether embeddings are scaled to length 1. */
  public boolean isNormalized() {
    return head.isNormalized();
  }

  /** Returns the longest sequence, special tokens included, that the model is meant for. */
  public int maxSequenceLength() {
    return maxSequenceLength;
  }

  /** Tells whether there is a tensor of this name, with or without {@code bert.} before it. */
  public boolean hasTensor(String name) {
    return weights.find(name) != null;
  }

  /**
   * Returns a tensor.
   *
   * @param name its Hugging Face name without {@code bert.}, such as {@code
   *     encoder.layer.0.attention.self.query.weight}, shape (out, in)
   * @throws FormatException if there is none
   */
  public StoredTensor tensor(String name) throws FormatException {
    return weights.tensor(name);
  }

  private TokenizerConfig readTokenizer() throws IOException {
    Path json = path.resolve(TOKENIZER);
    Path vocabulary = path.resolve("vocab.txt");
    if (Files.exists(json)) {
      return TokenizerJson.read(json);
    }
    if (Files.exists(vocabulary)) {
      return VocabularyFile.read(vocabulary, path.resolve("tokenizer_config.json"));
    }
    if (Files.exists(path.resolve("vocab.json"))) {
      required("merges.txt");
      return MergesFile.read(path);
    }
    throw new NoSuchFileException(
        path.toString(),
        null,
        "the model folder has neither tokenizer.json nor vocab.txt nor vocab.json");
  }

  private int readMaxSequenceLength() throws IOException {
    Path file = path.resolve(SENTENCE_CONFIG);
    if (Files.exists(file)) {
      var json = JsonObject.read(file);
      if (json.has("max_seq_length")) {
        return Math.min(json.whole("max_seq_length", 1), config.maxPositions());
      }
    }
    return config.maxPositions();
  }

  private Path required(String name) throws NoSuchFileException {
    Path file = path.resolve(name);
    if (!Files.exists(file)) {
      throw new NoSuchFileException(path.toString(), null, "the model folder has no " + name);
    }
    return file;
  }
}
