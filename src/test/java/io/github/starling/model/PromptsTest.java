package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptsTest {
  @TempDir Path folder;

  private Prompts read(String json) throws Exception {
    Files.writeString(folder.resolve("config_sentence_transformers.json"), json);
    return Prompts.read(folder);
  }

  @Test
  void promptsGoByTheirNames() throws Exception {
    var prompts =
        read(
            """
            {"__version__": {}, "prompts": {"query": "query: ", "passage": "passage: ", "none": ""},
             "default_prompt_name": "passage", "similarity_fn_name": "cosine"}
            """);
    assertEquals("query: ", prompts.text("query"));
    assertEquals("passage: ", prompts.usual());
    assertEquals("", prompts.text("none"));
    var e = assertThrows(IllegalArgumentException.class, () -> prompts.text("title"));
    assertEquals("this model's prompts are [query, passage, none], not title", e.getMessage());
  }

  @Test
  void withoutAFileOrItsMembersThereAreNone() throws Exception {
    var none = new Prompts(Map.of(), "");
    assertEquals(none, Prompts.read(folder));
    assertEquals(none, read("{}"));
    assertEquals(none, read("{\"prompts\": {}, \"default_prompt_name\": null}"));
    var e = assertThrows(IllegalArgumentException.class, () -> none.text("query"));
    assertEquals("this model has no prompts, so none named query", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                  | the file must be an object but is an array
          {"prompts": 5}                      | prompts must be an object but is 5
          {"prompts": {"query": 5}}           | prompts.query must be a string but is 5
          {"default_prompt_name": 5}          | default_prompt_name must be a string but is 5
          {"prompts": {"a": "A"}, "default_prompt_name": "b"} | default_prompt_name "b" is none of the prompts [a]
          """)
  void whatIsNotPromptsNamesFileAndMember(String json, String problem) {
    var e = assertThrows(FormatException.class, () -> read(json));
    assertTrue(e.getMessage().contains("config_sentence_transformers.json"), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }
}
