package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Turns a BERT-family encoder in ONNX form into a Hugging Face model folder.
 *
 * <p>The folder is made under another name and renamed whole. Weights go through one at a time.
 */
public final class ModelImport {
  private ModelImport() {}

  /**
   * What the source cannot say.
   *
   * @param pooling how tokens become one embedding: MEAN or CLS; null: {@link #usualPooling}
   * @param isNormalized whether embeddings are scaled to length 1
   * @param replace whether an existing folder gives way
   */
  public record Options(Pooling pooling, boolean isNormalized, boolean replace) {
    /** The usual pooling, embeddings of length 1, an existing folder is kept. */
    public static final Options DEFAULT = new Options(null, true, false);

    /**
     * Checks the pooling.
     *
     * @throws IllegalArgumentException if it is POOLER, which a model folder cannot say
     */
    public Options {
      if (pooling == Pooling.POOLER) {
        throw new IllegalArgumentException("pooling must be MEAN or CLS but is POOLER");
      }
    }
  }

  /**
   * Imports a model.
   *
   * @param source an {@code .onnx} file with {@code tokenizer.json} or {@code NAME-tokenizer.json}
   *     beside it, a folder with these, or a {@code .jar} or {@code .zip} with these
   * @param target the folder to make; its parent must exist
   * @throws java.nio.file.FileAlreadyExistsException if the target exists, is not empty and must
   *     not be replaced
   * @throws FormatException if the source is damaged or of a model that is not supported
   * @throws IOException if a file is missing or the folder cannot be written; nothing of it is left
   *     then
   */
  public static void run(Path source, Path target, Options options) throws IOException {
    AtomicWrite.folder(
        target,
        options.replace(),
        folder -> {
          Path scratch = Files.createDirectory(folder.resolve("scratch"));
          var pooling = options.pooling() == null ? usualPooling(source) : options.pooling();
          var head = new EmbeddingHead(pooling, options.isNormalized());
          try {
            write(ModelSource.find(source, scratch), head, folder);
          } catch (FormatException e) {
            // an unpacked file is gone when the message is read: name the archive
            throw e.path().startsWith(scratch)
                ? e.at(Path.of(source + "!" + e.path().getFileName()))
                : e;
          }
          AtomicWrite.delete(scratch);
        });
  }

  /**
   * Returns the pooling that models of a file's name use: CLS if {@code bge} is in it, else the
   * mean.
   */
  public static Pooling usualPooling(Path source) {
    String name = source.toAbsolutePath().normalize().getFileName().toString();
    return name.toLowerCase(Locale.ROOT).contains("bge") ? Pooling.CLS : Pooling.MEAN;
  }

  private static void write(ModelSource files, EmbeddingHead head, Path folder) throws IOException {
    var tokenizer = TokenizerJson.read(files.tokenizer());
    try (var arena = Arena.ofConfined()) {
      var graph = new BertGraph(OnnxFile.open(files.onnx(), arena));
      var config = graph.config();
      if (tokenizer.vocabulary().size() > config.vocabularySize()) {
        throw new FormatException(
            files.tokenizer(),
            0,
            "the tokenizer has %d tokens but the model only %d"
                .formatted(tokenizer.vocabulary().size(), config.vocabularySize()));
      }
      SafetensorsWriter.write(
          folder.resolve(ModelFolder.WEIGHTS), Map.of("format", "pt"), graph.parts());
      Files.write(folder.resolve(EncoderConfig.FILE), Json.file(config.toJson()));
      Files.write(
          folder.resolve(ModelFolder.SENTENCE_CONFIG),
          Json.file(Map.of("max_seq_length", config.maxPositions())));
      head.write(folder, config.hiddenSize());
      Files.copy(files.tokenizer(), folder.resolve(ModelFolder.TOKENIZER));
    }
  }
}
