package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A BERT-family encoder in a Hugging Face model folder.
 *
 * <p>Read are {@code config.json}, {@code model.safetensors}, {@code tokenizer.json} or else {@code
 * vocab.txt}, or {@code vocab.json} and {@code merges.txt}, with {@code tokenizer_config.json},
 * and, where present, {@code modules.json}, the pooling's {@code config.json}, {@code
 * sentence_bert_config.json} and {@code config_sentence_transformers.json}. Opening checks that
 * every tensor of the encoder is there with its shape; weights stay on disk until they are read.
 */
public final class ModelFolder implements TensorSource {
  static final String WEIGHTS = "model.safetensors";
  static final String TOKENIZER = "tokenizer.json";
  static final String SENTENCE_CONFIG = "sentence_bert_config.json";

  private final Path path;
  private final EncoderConfig config;
  private final TokenizerConfig tokenizer;
  private final EmbeddingHead head;
  private final Prompts prompts;
  private final Map<String, String> labels;
  private final int maxSequenceLength;
  private final ModelWeights weights;

  private ModelFolder(Path path, Arena arena) throws IOException {
    this.path = path;
    var json = JsonObject.read(required(EncoderConfig.FILE));
    config = EncoderConfig.of(json);
    labels = readLabels(json);
    weights = new ModelWeights(Safetensors.open(required(WEIGHTS), arena), config.type());
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
    prompts = Prompts.read(path);
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

  /** Tells whether there is a tensor, which is named as {@link #tensor} says. */
  @Override
  public boolean hasTensor(String name) {
    return weights.find(name) != null;
  }

  /**
   * Returns a tensor.
   *
   * @param name its name in a BERT of Hugging Face without {@code bert.}, whatever the file calls
   *     it, such as {@code encoder.layer.0.attention.self.query.weight}, shape (out, in)
   * @throws FormatException if there is none
   */
  @Override
  public StoredTensor tensor(String name) throws FormatException {
    return weights.tensor(name);
  }

  /**
   * Checks a tensor.
   *
   * @param name as {@link #tensor} takes it
   * @param shape what it must have
   * @throws FormatException if there is none, or it has another shape or is not of floats
   */
  public void check(String name, long... shape) throws FormatException {
    weights.check(name, Arrays.stream(shape).boxed().toList());
  }

  /**
   * Returns the names of the classes that the model was tuned for.
   *
   * @param count how many there are, by the shape of the weights
   * @return a name for each, LABEL_0 and so on where the config has none
   */
  public List<String> labels(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> labels.getOrDefault(Integer.toString(i), "LABEL_" + i))
        .toList();
  }

  /** Returns what the model wants to read before texts. */
  public Prompts prompts() {
    return prompts;
  }

  private static Map<String, String> readLabels(JsonObject json) throws FormatException {
    var labels = new HashMap<String, String>();
    if (json.has("id2label")) {
      var names = json.object("id2label");
      for (String id : names.names()) {
        labels.put(id, names.string(id));
      }
    }
    return labels;
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
