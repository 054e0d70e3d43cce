package io.github.starling.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What retrieval models were trained to see before a text, told by the name of the model.
 *
 * <p>The form is that of sentence-transformers; the texts are those of the models' cards.
 */
final class UsualPrompts {
  private static final Pattern E5 = Pattern.compile("(?<![a-z0-9])e5(?![a-z0-9])");

  private UsualPrompts() {}

  /**
   * Returns the content of the file, or null if the model wants none.
   *
   * @param name the model's name in lower case
   */
  static Map<String, Object> json(String name) {
    var json = new LinkedHashMap<String, Object>();
    if (E5.matcher(name).find()) {
      json.put("prompts", prompts("query: ", "passage: "));
      json.put("default_prompt_name", null);
      return json;
    }
    if (name.contains("bge")) {
      json.put("prompts", prompts("Represent this sentence for searching relevant passages: ", ""));
      return json;
    }
    return null;
  }

  private static Map<String, Object> prompts(String query, String passage) {
    var prompts = new LinkedHashMap<String, Object>();
    prompts.put("query", query);
    prompts.put("passage", passage);
    return prompts;
  }
}
