package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Byte-pair tokenizers in a model folder: {@code tokenizer.json}, or two older files. */
class BytePairFilesTest {
  private static final List<String> VOCABULARY = List.of("<s>", "</s>", "<mask>", "a", "b", "ab");

  private static final String JSON =
      """
      {"added_tokens":[{"id":2,"content":"<mask>","lstrip":true,"normalized":true}],
       "normalizer":null,
       "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true},
       "post_processor":{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",0],
         "trim_offsets":true,"add_prefix_space":false},
       "decoder":{"type":"?"},
       "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":"",
         "end_of_word_suffix":"","fuse_unk":false,
         "vocab":{"<s>":0,"</s>":1,"<mask>":2,"a":3,"b":4,"ab":5},"merges":["a b"]}}
      """;

  @TempDir Path temporary;
  private final Arena arena = Arena.ofConfined();
  private Path folder;

  @BeforeEach
  void importTinyModel() throws IOException {
    folder = temporary.resolve("model");
    var source = Files.createDirectory(temporary.resolve("source"));
    ModelImport.run(new TinyBert().write(source), folder, ModelImport.Options.DEFAULT);
    write("tokenizer.json", JSON);
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void theTokenizerIsReadWithItsSettings() throws Exception {
    var mask = new TokenizerConfig.Added("<mask>", false, true, false, true);
    assertEquals(
        new TokenizerConfig.BytePair(
            VOCABULARY,
            List.of("a b"),
            null,
            "<s>",
            "</s>",
            2,
            null,
            "<mask>",
            List.of(mask),
            false,
            true,
            true),
        open());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a b\"                   | [\"a\",\"b\"]",
        "\"a b\"                   | \"#version: 0.2\",\"a b\"",
        "\"type\":\"BPE\",         | ``",
        "\"decoder\":{\"type\":\"?\"}, | ``",
      })
  void otherSpellingsMeanTheSame(String from, String to) throws Exception {
    var expected = open();
    edit(from, to);
    assertEquals(expected, open());
  }

  @Test
  void theFrameIsThatOfThePostProcessor() throws Exception {
    edit("RobertaProcessing", "BertProcessing");
    assertEquals(1, open().between());
    assertEquals(false, open().trimOffsets());
    String special = "{\"SpecialToken\":{\"id\":\"%s\"}}";
    String single =
        special.formatted("<s>") + ",{\"Sequence\":{\"id\":\"A\"}}," + special.formatted("</s>");
    String rest =
        ","
            + special.formatted("</s>")
            + ",{\"Sequence\":{\"id\":\"B\"}},"
            + special.formatted("</s>");
    edit(
        "\"BertProcessing\"",
        "\"TemplateProcessing\",\"single\":[" + single + "],\"pair\":[" + single + rest + "]");
    assertEquals(2, open().between());
    edit(",\"pair\":[" + single + rest + "]", "");
    assertEquals(1, open().between());
    assertEquals("</s>", open().separator());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "normalizer":null      | "normalizer":{"type":"NFC"} | a normalizer is not supported with BPE: null is
          "ByteLevel"            | "Metaspace"      | pre_tokenizer type "Metaspace" is not supported: ByteLevel is
          "RobertaProcessing"    | "ByteLevel"      | post_processor type "ByteLevel" is not supported: RobertaProcessing and TemplateProcessing and BertProcessing are
          "trim_offsets":true,"add_prefix_space":false} | "add_prefix_space":true} | post_processor.add_prefix_space must be that of pre_tokenizer
          ["</s>",1]             | ["</s>",2]       | post_processor.sep must be a token and its id
          ["</s>",1]             | ["<x>",1]        | post_processor.sep must be a token and its id
          ["</s>",1]             | 7                | post_processor.sep must be an array
          "dropout":null         | "dropout":0.1    | model.dropout is not supported: null is
          "fuse_unk":false       | "fuse_unk":true  | model.fuse_unk is not supported: false is
          "fuse_unk":false       | "byte_fallback":true | model.byte_fallback is not supported: false is
          "fuse_unk":false       | "ignore_merges":true | model.ignore_merges is not supported: false is
          "end_of_word_suffix":"" | "end_of_word_suffix":"</w>" | model.end_of_word_suffix is not supported: null is
          "unk_token":null       | "unk_token":"?"  | the vocabulary has no "?"
          ["a b"]                | ["a b","a"]      | model.merges[1] must be two tokens that make a third but is "a"
          ["a b"]                | ["b a"]          | model.merges[0] must be two tokens that make a third but is "b a"
          ["a b"]                | [["a","b","c"]]  | model.merges[0] must be two tokens that make a third but is an array of 3
          ["a b"]                | [null]           | model.merges[0] must be two tokens that make a third but is null
          ["a b"]                | {}               | model.merges must be an array but is an object of 0
          """)
  void whatIsNotSupportedIsNamed(String from, String to, String problem) throws Exception {
    edit(from, to);
    refused("tokenizer.json, byte 0: " + problem);
  }

  @Test
  void vocabularyAndMergesServeWhereThereIsNoTokenizerJson() throws Exception {
    writeOlderFiles("#version: 0.2\na b\n");
    var mask = new TokenizerConfig.Added("<mask>", false, true, false, false);
    var tokenizer = open();
    assertEquals(VOCABULARY, tokenizer.vocabulary());
    assertEquals(List.of("a b"), tokenizer.merges());
    assertEquals(
        List.of("<s>", "</s>"), List.of(tokenizer.classification(), tokenizer.separator()));
    assertEquals("<mask>", tokenizer.mask());
    assertEquals(2, tokenizer.between());
    assertEquals(3, tokenizer.added().size());
    assertEquals(mask, tokenizer.added().getLast());
    assertEquals(false, tokenizer.addPrefixSpace());

    write(
        "tokenizer_config.json",
        """
        {"tokenizer_class":"RobertaTokenizer","add_prefix_space":true,"trim_offsets":false,
         "cls_token":"a","mask_token":{"content":"<mask>","lstrip":false}}
        """);
    tokenizer = open();
    assertEquals("a", tokenizer.classification());
    assertEquals(true, tokenizer.addPrefixSpace());
    assertEquals(false, tokenizer.trimOffsets());
    assertEquals(false, tokenizer.added().getLast().leftStrip());
  }

  @Test
  void olderFilesOfAnotherKindAreNamed() throws Exception {
    writeOlderFiles("#version: 0.2\na b\n\n");
    refused("merges.txt, byte 18: a merge must be two tokens that make a third but is \"\"");
    writeOlderFiles("a b\r\na x");
    refused("merges.txt, byte 5: a merge must be two tokens that make a third but is \"a x\"");
    Files.delete(folder.resolve("merges.txt"));
    refused("the model folder has no merges.txt");
    writeOlderFiles("");
    write("vocab.json", "{\"<s>\":0,\"a\":2}");
    refused("vocab.json, byte 0: ids of 2 tokens must be 0 to 1 but the last is 2");
    write("vocab.json", "{\"<s>\":0,\"a\":1}");
    refused("vocab.json, byte 0: the vocabulary has no \"</s>\"");
    write("tokenizer_config.json", "{\"tokenizer_class\":\"GPT2Tokenizer\"}");
    refused("tokenizer_class \"GPT2Tokenizer\" is not supported: RobertaTokenizer is");
  }

  private void writeOlderFiles(String merges) throws IOException {
    Files.deleteIfExists(folder.resolve("tokenizer.json"));
    write("vocab.json", "{\"<s>\":0,\"</s>\":1,\"<mask>\":2,\"a\":3,\"b\":4,\"ab\":5}");
    write("merges.txt", merges);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void edit(String from, String to) throws IOException {
    String text = Files.readString(folder.resolve("tokenizer.json"));
    assertTrue(text.contains(from), () -> from + " in " + text);
    write("tokenizer.json", text.replace(from, to));
  }

  private TokenizerConfig.BytePair open() throws IOException {
    return assertInstanceOf(
        TokenizerConfig.BytePair.class, ModelFolder.open(folder, arena).tokenizer());
  }

  private void refused(String problem) {
    var e = assertThrows(IOException.class, this::open);
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
  }
}
