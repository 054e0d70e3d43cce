package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A Moonshine speech recogniser in a Hugging Face model folder ({@code
 * MoonshineForConditionalGeneration}).
 *
 * <p>Read are {@code config.json}, {@code model.safetensors} and {@code tokenizer.json}. Opening
 * checks that every tensor is there with its shape; weights stay on disk until they are read.
 */
public final class MoonshineFolder implements TensorSource {
  private final Path path;
  private final MoonshineConfig config;
  private final List<String> pieces;
  private final Safetensors weights;

  private MoonshineFolder(Path path, Arena arena) throws IOException {
    this.path = path;
    config = MoonshineConfig.of(JsonObject.read(required(EncoderConfig.FILE)));
    weights = Safetensors.open(required(ModelFolder.WEIGHTS), arena);
    checkWeights();
    Path tokenizer = required(ModelFolder.TOKENIZER);
    pieces = List.copyOf(PieceTokenizer.read(tokenizer));
    PieceTokenizer.check(tokenizer, pieces, config);
  }

  /**
   * Opens a folder.
   *
   * @param path the folder
   * @param arena owner of the mapped weights
   * @throws FormatException if a file is damaged, or of a model or tokenizer that is not supported
   * @throws IOException if a file is missing or cannot be read; the message names it
   */
  public static MoonshineFolder open(Path path, Arena arena) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new NoSuchFileException(path.toString(), null, "no such model folder");
    }
    return new MoonshineFolder(path, arena);
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Returns the shape of the model. */
  public MoonshineConfig config() {
    return config;
  }

  /**
   * Returns the pieces of text that tokens stand for, in the order of their ids.
   *
   * <p>The character U+2581 in a piece is a space; {@code <0x00>} to {@code <0xFF>} are bytes of
   * UTF-8. There may be fewer pieces than {@link MoonshineConfig#vocabularySize()}.
   */
  public List<String> pieces() {
    return pieces;
  }

  /**
   * Returns a tensor.
   *
   * @param name as Hugging Face's library calls it, such as {@code
   *     model.encoder.layers.0.self_attn.q_proj.weight}, shape (out, in)
   * @throws FormatException if there is none
   */
  @Override
  public StoredTensor tensor(String name) throws FormatException {
    return weights.tensor(name);
  }

  @Override
  public boolean hasTensor(String name) {
    return weights.names().contains(name);
  }

  private void checkWeights() throws FormatException {
    long layers = (long) config.encoderLayers() + config.decoderLayers();
    if (layers > weights.names().size()) { // before a list of all names is made
      throw weights.error(
          "config.json calls for %d layers but there are only %d tensors"
              .formatted(layers, weights.names().size()));
    }
    for (var entry : MoonshineTensors.shapes(config).entrySet()) {
      weights.check(weights.tensor(entry.getKey()), entry.getValue());
    }
  }

  private Path required(String name) throws NoSuchFileException {
    Path file = path.resolve(name);
    if (!Files.exists(file)) {
      throw new NoSuchFileException(path.toString(), null, "the model folder has no " + name);
    }
    return file;
  }
}
