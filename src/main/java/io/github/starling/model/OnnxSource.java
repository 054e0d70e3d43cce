package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An ONNX graph with the tokenizer beside it.
 *
 * <p>For {@code NAME.onnx} the tokenizer is {@code NAME-tokenizer.json} or {@code tokenizer.json}
 * in the same folder, or {@code tokenizer.json} in the one above.
 *
 * @param onnx the graph
 * @param tokenizer the {@code tokenizer.json}
 */
record OnnxSource(Path onnx, Path tokenizer) implements ModelSource {
  static final String SUFFIX = ".onnx";

  /**
   * Finds the graph of a folder, or of its folder {@code onnx}.
   *
   * @return null if there is none
   */
  static OnnxSource in(Path folder) throws IOException {
    for (Path place : List.of(folder, folder.resolve("onnx"))) {
      Path onnx = ModelSource.one(place, SUFFIX, "model" + SUFFIX);
      if (onnx != null) {
        return beside(onnx);
      }
    }
    return null;
  }

  /** Finds the tokenizer of a graph. */
  static OnnxSource beside(Path onnx) throws IOException {
    String name = onnx.getFileName().toString();
    String stem = name.substring(0, name.length() - SUFFIX.length());
    var candidates =
        List.of(
            stem + "-" + ModelFolder.TOKENIZER,
            ModelFolder.TOKENIZER,
            "../" + ModelFolder.TOKENIZER);
    for (String candidate : candidates) {
      Path tokenizer = onnx.toAbsolutePath().resolveSibling(candidate);
      if (Files.exists(tokenizer)) {
        return new OnnxSource(onnx, tokenizer);
      }
    }
    throw new NoSuchFileException(
        onnx.toString(), null, "no tokenizer beside it: one of " + candidates);
  }

  @Override
  public void writeTo(Path folder, String name, ModelImport.Options options) throws IOException {
    var tokens = TokenizerJson.read(tokenizer);
    try (var arena = Arena.ofConfined()) {
      var graph = new BertGraph(OnnxFile.open(onnx, arena));
      ModelSource.checkTokens(tokenizer, tokens, graph.config());
      SafetensorsWriter.write(
          folder.resolve(ModelFolder.WEIGHTS), Map.of("format", "pt"), graph.parts());
      Files.write(folder.resolve(EncoderConfig.FILE), Json.file(graph.config().toJson()));
      Files.copy(tokenizer, folder.resolve(ModelFolder.TOKENIZER));
      new SentenceFiles(options, true).write(folder, name, graph.config());
    }
  }
}
