package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What follows the encoder, as the files of sentence-transformers say.
 *
 * @param pooling how tokens become one embedding
 * @param isNormalized whether embeddings are scaled to length 1
 */
record EmbeddingHead(Pooling pooling, boolean isNormalized) {
  private static final String MODULES = "modules.json";
  private static final String POOLING_FOLDER = "1_Pooling";
  private static final String PACKAGE = "sentence_transformers.models.";
  private static final String CLS_FLAG = "pooling_mode_cls_token";
  private static final String MEAN_FLAG = "pooling_mode_mean_tokens";

  /** Reads a model folder; without {@code modules.json}, the mean and no scaling. */
  static EmbeddingHead read(Path folder) throws IOException {
    Path path = folder.resolve(MODULES);
    var pooling = Pooling.MEAN;
    boolean isNormalized = false;
    if (!Files.exists(path)) {
      return new EmbeddingHead(pooling, isNormalized);
    }
    for (JsonObject module : JsonObject.readArray(path)) {
      String type = module.string("type");
      switch (type.substring(type.lastIndexOf('.') + 1)) {
        case "Transformer" -> {}
        case "Pooling" -> pooling = readPooling(folder, module);
        case "Normalize" -> isNormalized = true;
        default ->
            throw module.error(
                "module %s is not supported: Transformer, Pooling and Normalize are"
                    .formatted(Json.describe(type)));
      }
    }
    return new EmbeddingHead(pooling, isNormalized);
  }

  private static Pooling readPooling(Path folder, JsonObject module) throws IOException {
    var json = JsonObject.read(folder.resolve(module.string("path")).resolve(EncoderConfig.FILE));
    var modes = new ArrayList<String>();
    for (String name : json.names()) {
      if (name.startsWith("pooling_mode_") && json.flag(name, false)) {
        modes.add(name);
      }
    }
    if (modes.equals(List.of(CLS_FLAG))) {
      return Pooling.CLS;
    }
    if (modes.equals(List.of(MEAN_FLAG))) {
      return Pooling.MEAN;
    }
    throw json.error(
        "pooling by %s is not supported: one of %s and %s must be true"
            .formatted(modes, CLS_FLAG, MEAN_FLAG));
  }

  /**
   * Writes the files that {@link #read} reads.
   *
   * @param width columns of an embedding
   * @throws IllegalArgumentException if the pooling is BERT's pooler, for which there is no file
   */
  void write(Path folder, int width) throws IOException {
    if (pooling == Pooling.POOLER) {
      throw new IllegalArgumentException("a model folder can say MEAN or CLS but not POOLER");
    }
    var modules = new ArrayList<Map<String, Object>>();
    modules.add(module(0, "", "Transformer"));
    modules.add(module(1, POOLING_FOLDER, "Pooling"));
    if (isNormalized) {
      modules.add(module(2, "2_Normalize", "Normalize"));
    }
    Files.write(folder.resolve(MODULES), Json.file(modules));

    var settings = new LinkedHashMap<String, Object>();
    settings.put("word_embedding_dimension", width);
    settings.put(CLS_FLAG, pooling == Pooling.CLS);
    settings.put(MEAN_FLAG, pooling == Pooling.MEAN);
    Path poolingFolder = Files.createDirectory(folder.resolve(POOLING_FOLDER));
    Files.write(poolingFolder.resolve(EncoderConfig.FILE), Json.file(settings));
  }

  private static Map<String, Object> module(int index, String path, String type) {
    var module = new LinkedHashMap<String, Object>();
    module.put("idx", index);
    module.put("name", Integer.toString(index));
    module.put("path", path);
    module.put("type", PACKAGE + type);
    return module;
  }
}
