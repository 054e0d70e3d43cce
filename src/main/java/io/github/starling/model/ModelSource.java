package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;

/** A model in another form than a Hugging Face folder. */
sealed interface ModelSource permits OnnxSource, CheckpointSource, MoonshineSource {
  /** What the search looks for, for messages. */
  String WANTED =
      "an .onnx file, a TensorFlow checkpoint (NAME.index, or variables/variables.index of a"
          + " SavedModel)";

  /**
   * Writes weights, config and tokenizer.
   *
   * @param folder existing folder
   * @param name the model's name in lower case, which may tell what its files do not
   * @param options what the source cannot say
   * @throws FormatException if the source is damaged or of a model that is not supported
   */
  void writeTo(Path folder, String name, ModelImport.Options options) throws IOException;

  /**
   * Finds the files; those of an archive are unpacked.
   *
   * @param source an ONNX file, a checkpoint's index or its name without {@code .index}, a folder
   *     with either, or a jar or zip with either
   * @param scratch existing folder for what must be unpacked
   * @throws FormatException if the archive is damaged, or there are several models or none
   * @throws IOException if the source or its tokenizer is missing or cannot be read
   */
  static ModelSource find(Path source, Path scratch) throws IOException {
    if (Files.isDirectory(source)) {
      return inFolder(source);
    }
    String name = source.getFileName().toString();
    Path index = source.resolveSibling(name + TensorBundle.INDEX_SUFFIX);
    if (Files.exists(index)) { // TensorFlow names a checkpoint by what its files have in common
      return CheckpointSource.beside(index);
    }
    if (!Files.exists(source)) {
      throw new NoSuchFileException(source.toString(), null, "no such file or folder");
    }
    if (name.endsWith(OnnxSource.SUFFIX)) {
      return OnnxSource.beside(source);
    }
    if (name.endsWith(TensorBundle.INDEX_SUFFIX)) {
      return CheckpointSource.beside(source);
    }
    if (name.endsWith(".jar") || name.endsWith(".zip")) {
      ModelArchive.unpack(source, scratch);
      try {
        return inFolder(scratch);
      } catch (NoSuchFileException e) {
        throw new FormatException(Path.of(e.getFile()), 0, e.getReason());
      }
    }
    throw new FormatException(
        source,
        0,
        "cannot import this: " + WANTED + ", or a folder, .jar or .zip with one is needed");
  }

  private static ModelSource inFolder(Path folder) throws IOException {
    ModelSource speech = MoonshineSource.in(folder);
    if (speech != null) {
      return speech;
    }
    ModelSource onnx = OnnxSource.in(folder);
    ModelSource checkpoint = CheckpointSource.in(folder);
    if (onnx != null || checkpoint != null) {
      return onnx == null ? checkpoint : onnx;
    }
    speech = MoonshineSource.below(folder);
    if (speech == null) {
      throw new NoSuchFileException(folder.toString(), null, "nothing to import: no " + WANTED);
    }
    return speech;
  }

  /**
   * Returns the one file of a folder whose name has an ending.
   *
   * @param usual name of the file that is meant if there are several
   * @return null if there is none or no folder
   * @throws FormatException if there are several and none has the usual name
   */
  static Path one(Path folder, String ending, String usual) throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, "*" + ending)) {
        files.forEach(found::add);
      }
    }
    if (found.contains(folder.resolve(usual))) {
      return folder.resolve(usual);
    }
    if (found.size() > 1) {
      throw new FormatException(
          folder, 0, "which one is meant? %d %s files".formatted(found.size(), ending));
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  /**
   * Checks that the model has a word embedding for every token.
   *
   * @param file the tokenizer, for messages
   */
  static void checkTokens(Path file, TokenizerConfig tokenizer, EncoderConfig config)
      throws FormatException {
    int tokens = tokenizer.vocabulary().size();
    if (tokens > config.vocabularySize()) {
      throw new FormatException(
          file,
          0,
          "the tokenizer has %d tokens but the model only %d"
              .formatted(tokens, config.vocabularySize()));
    }
  }
}
