package io.github.starling.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A Moonshine speech recogniser in two quantised ONNX graphs, as Useful Sensors publish it.
 *
 * @param folder where the graphs are
 */
record MoonshineSource(Path folder) implements ModelSource {
  static final String ENCODER = "encoder_model.onnx";
  static final String DECODER = "decoder_model_merged.onnx";

  /** Scripts that carry the vocabulary, the small one first. */
  private static final List<String> SCRIPTS = List.of("llama-tokenizer.js", "moonshine.min.js");

  /** The npm package has the graphs in dist/model/SIZE/quantized and the script in dist. */
  private static final int LEVELS = 4;

  /**
   * Finds the graphs of a folder, or of its folder {@code quantized}.
   *
   * @return null if there are none
   */
  static MoonshineSource in(Path folder) {
    for (Path place : List.of(folder, folder.resolve("quantized"))) {
      if (isPair(place)) {
        return new MoonshineSource(place);
      }
    }
    return null;
  }

  /**
   * Finds the graphs of a folder somewhere below another.
   *
   * @return null if there are none
   * @throws FormatException if there are several
   */
  static MoonshineSource below(Path folder) throws IOException {
    List<Path> found;
    try (var paths = Files.walk(folder, LEVELS)) {
      found = paths.filter(MoonshineSource::isPair).sorted().toList();
    } catch (UncheckedIOException e) { // of a folder that may not be read
      throw e.getCause();
    }
    if (found.size() > 1) {
      var names = found.stream().map(place -> folder.relativize(place).toString()).toList();
      throw new FormatException(
          folder, 0, "which model is meant? import one of " + String.join(", ", names));
    }
    return found.isEmpty() ? null : new MoonshineSource(found.getFirst());
  }

  List<Path> graphs() {
    return List.of(folder.resolve(ENCODER), folder.resolve(DECODER));
  }

  private static boolean isPair(Path folder) {
    return Files.isRegularFile(folder.resolve(ENCODER))
        && Files.isRegularFile(folder.resolve(DECODER));
  }

  /**
   * Writes weights, config and tokenizer.
   *
   * @throws IllegalArgumentException if the options say how embeddings are to be made
   */
  @Override
  public void writeTo(Path target, String name, ModelImport.Options options) throws IOException {
    if (options.pooling() != null || options.isNormalized() != null) {
      throw new IllegalArgumentException(
          "pooling and normalization are of embeddings, but this is a speech recogniser");
    }
    try (var arena = Arena.ofConfined()) {
      var graph =
          new MoonshineGraph(
              OnnxFile.open(folder.resolve(ENCODER), arena),
              OnnxFile.open(folder.resolve(DECODER), arena));
      var config = graph.config();
      writeTokenizer(target, config);
      SafetensorsWriter.write(
          target.resolve(ModelFolder.WEIGHTS), Map.of("format", "pt"), graph.parts());
      Files.write(target.resolve(EncoderConfig.FILE), Json.file(config.toJson()));
      Files.write(target.resolve("generation_config.json"), Json.file(config.generationJson()));
    }
  }

  private void writeTokenizer(Path target, MoonshineConfig config) throws IOException {
    Path to = target.resolve(ModelFolder.TOKENIZER);
    Path json = folder.resolve(ModelFolder.TOKENIZER);
    if (Files.exists(json)) {
      PieceTokenizer.check(json, PieceTokenizer.read(json), config);
      Files.copy(json, to);
      return;
    }
    Path place = folder.toAbsolutePath().normalize();
    for (int i = 0; i <= LEVELS && place != null; i++, place = place.getParent()) {
      for (Path near : List.of(place, place.resolve("dist"))) {
        if (writeTokenizerOf(near, to, config)) {
          return;
        }
      }
    }
    throw new NoSuchFileException(
        folder.toString(),
        null,
        "no vocabulary: tokenizer.json in it, or %s in it, one of the %d folders above or their dist"
            .formatted(String.join(" or ", SCRIPTS), LEVELS));
  }

  /** Writes the tokenizer of the script in a folder, if there is one. */
  private static boolean writeTokenizerOf(Path near, Path to, MoonshineConfig config)
      throws IOException {
    for (String name : SCRIPTS) {
      Path script = near.resolve(name);
      var literals = Files.isRegularFile(script) ? PieceLiterals.read(script) : null;
      if (literals != null) {
        PieceTokenizer.check(script, literals.pieces(), config);
        Files.write(to, Json.file(PieceTokenizer.json(literals)));
        return true;
      }
    }
    return false;
  }
}
