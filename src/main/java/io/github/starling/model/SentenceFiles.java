package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The files by which sentence-transformers turn an encoder into one of sentences.
 *
 * @param options what the caller asked for
 * @param isUsuallyNormalized whether embeddings are scaled to length 1 unless the caller says
 */
record SentenceFiles(ModelImport.Options options, boolean isUsuallyNormalized) {
  /**
   * Writes pooling, length and prompts.
   *
   * @param folder existing folder
   * @param name the model's name in lower case, by which usual pooling and prompts are known
   * @param config the shape of the encoder
   */
  void write(Path folder, String name, EncoderConfig config) throws IOException {
    Files.write(
        folder.resolve(ModelFolder.SENTENCE_CONFIG),
        Json.file(Map.of("max_seq_length", config.maxPositions())));
    boolean isNormalized =
        options.isNormalized() == null ? isUsuallyNormalized : options.isNormalized();
    var pooling = options.pooling() == null ? usualPooling(name) : options.pooling();
    new EmbeddingHead(pooling, isNormalized).write(folder, config.hiddenSize());
    var prompts = UsualPrompts.json(name);
    if (prompts != null) {
      Files.write(folder.resolve(Prompts.FILE), Json.file(prompts));
    }
  }

  /** Returns the pooling that models of a name in lower case use. */
  static Pooling usualPooling(String name) {
    return name.contains("bge") ? Pooling.CLS : Pooling.MEAN;
  }
}
