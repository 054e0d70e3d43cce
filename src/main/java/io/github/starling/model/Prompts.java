package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model wants to read before a text, as sentence-transformers' {@code
 * config_sentence_transformers.json} says.
 *
 * @param texts by their names, such as query and passage
 * @param usual the one of a text whose purpose nobody says, empty for none
 */
public record Prompts(Map<String, String> texts, String usual) {
  static final String FILE = "config_sentence_transformers.json";

  /** Reads a model folder; without that file there are none. */
  static Prompts read(Path folder) throws IOException {
    Path path = folder.resolve(FILE);
    var texts = new LinkedHashMap<String, String>();
    if (!Files.exists(path)) {
      return new Prompts(texts, "");
    }
    var json = JsonObject.read(path);
    if (json.has("prompts")) {
      var prompts = json.object("prompts");
      for (String name : prompts.names()) {
        texts.put(name, prompts.string(name));
      }
    }
    if (!json.has("default_prompt_name")) {
      return new Prompts(texts, "");
    }
    String usual = texts.get(json.string("default_prompt_name"));
    if (usual == null) {
      throw json.error(
          "default_prompt_name %s is none of the prompts %s"
              .formatted(Json.describe(json.string("default_prompt_name")), texts.keySet()));
    }
    return new Prompts(texts, usual);
  }

  /**
   * Returns a prompt.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public String text(String name) {
    String text = texts.get(name);
    if (text == null) {
      throw new IllegalArgumentException(
          texts.isEmpty()
              ? "this model has no prompts, so none named " + name
              : "this model's prompts are " + texts.keySet() + ", not " + name);
    }
    return text;
  }
}
