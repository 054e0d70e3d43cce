package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  @TempDir Path temporary;
  private final Arena arena = Arena.ofConfined();
  private Path folder;

  @BeforeEach
  void importTinyModel() throws IOException {
    folder = temporary.resolve("model");
    var source = Files.createDirectory(temporary.resolve("source"));
    ModelImport.run(new TinyBert().write(source), folder, ModelImport.Options.DEFAULT);
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void aMissingFolderIsNamed() throws Exception {
    folder = temporary.resolve("none");
    refused(folder + ": no such model folder");
  }

  @ParameterizedTest
  @CsvSource({
    "config.json,the model folder has no config.json",
    "model.safetensors,the model folder has no model.safetensors",
    "tokenizer.json,the model folder has neither tokenizer.json nor vocab.txt"
  })
  void aMissingFileIsNamed(String name, String problem) throws Exception {
    Files.delete(folder.resolve(name));
    refused(folder + ": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "bert"                       | "t5"   | model_type "t5" is not supported: bert, roberta, distilbert are
          "gelu"                       | "relu" | hidden_act "relu" is not supported: gelu and gelu_new are
          "absolute"                   | "rotary" | position_embedding_type "rotary" is not supported
          "num_attention_heads":2      | "num_attention_heads":3 | hidden_size 4 is no multiple of 3 heads
          "num_attention_heads":2      | "num_attention_heads":0 | must be a whole number of at least 1 but is 0
          "hidden_size":4              | "hidden_size":8 | has shape [6, 4] but config.json calls for [6, 8]
          "hidden_size":4              | "x":4 | hidden_size must be a whole number of at least 1 but is missing
          "num_hidden_layers":2        | "num_hidden_layers":3 | no tensor is named "encoder.layer.2.attention.self.query.weight"
          "num_hidden_layers":2        | "num_hidden_layers":2147483647 | config.json calls for 2147483647 layers but there are only 37 tensors
          "vocab_size":6               | "vocab_size":5 | has shape [6, 4] but config.json calls for [5, 4]
          "layer_norm_eps":1.0E-12     | "layer_norm_eps":0 | layer_norm_eps must be positive but is 0.0
          {"architectures":["BertModel"], | [ | invalid JSON
          """)
  void aConfigThatCannotBeRunIsNamed(String from, String to, String problem) throws Exception {
    edit("config.json", from, to);
    refused(problem);
  }

  @ParameterizedTest
  @CsvSource({"gelu,GELU_ERF", "gelu_new,GELU_TANH", "gelu_pytorch_tanh,GELU_TANH"})
  void activationsGoByHuggingFacesNames(String name, Activation activation) throws Exception {
    edit("config.json", "\"gelu\"", '"' + name + '"');
    assertEquals(activation, open().config().activation());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "WordPiece"          | "Unigram"   | model type "Unigram" is not supported: WordPiece and BPE are
          "BertNormalizer"     | "NFC"       | normalizer type "NFC" is not supported: BertNormalizer is
          "BertPreTokenizer"   | "Metaspace" | pre_tokenizer type "Metaspace" is not supported
          "TemplateProcessing" | "ByteLevel" | post_processor type "ByteLevel" is not supported
          "unk_token":"[UNK]"  | "unk_token":"?" | the vocabulary has no "?"
          "a":5                | "a":6       | ids of 6 tokens must be 0 to 5 but the last is 6
          "a":5                | "a":4       | id 4 is that of both "[MASK]" and "a"
          "a":5                | "a":-1      | model.vocab.a must be a whole number of at least 0 but is -1
          """)
  void aTokenizerOfAnotherKindIsNamed(String from, String to, String problem) throws Exception {
    edit("tokenizer.json", from, to);
    refused(problem);
  }

  @Test
  void truncationAndPaddingOfTheTokenizerAreIgnored() throws Exception {
    edit("tokenizer.json", "{\"added", "{\"truncation\":{\"max_length\":3},\"padding\":{},\"added");
    assertEquals(8, open().maxSequenceLength());
  }

  @Test
  void theTokenizerIsReadWithItsSettings() throws Exception {
    edit(
        "tokenizer.json",
        "\"type\":\"BertNormalizer\"",
        "\"type\":\"BertNormalizer\",\"strip_accents\":false,\"lowercase\":false,\"clean_text\":false");
    var tokenizer = openWordPiece();
    assertEquals(TinyBert.TOKENS, tokenizer.vocabulary());
    assertEquals(
        new TokenizerConfig.Normalization(false, true, false, false), tokenizer.normalization());
    assertEquals(
        List.of(new TokenizerConfig.Added("[MASK]", false, true, false, false)), tokenizer.added());
  }

  @Test
  void theFrameMayBeInTheOlderForm() throws Exception {
    edit(
        "tokenizer.json",
        "\"TemplateProcessing\"",
        "\"BertProcessing\",\"sep\":[\"[SEP]\",3],\"cls\":[\"[CLS]\",2]");
    assertEquals("[CLS]", openWordPiece().classification());
    assertEquals("[SEP]", openWordPiece().separator());
  }

  @Test
  void tokensAddedAfterTheVocabularyAreInIt() throws Exception {
    edit("tokenizer.json", ",\"a\":5", "");
    edit(
        "tokenizer.json",
        "\"added_tokens\":[",
        "\"added_tokens\":[{\"id\":5,\"content\":\"<x>\"},");
    assertEquals("<x>", open().tokenizer().vocabulary().getLast());
  }

  @Test
  void aVocabularyFileServesWhereThereIsNoTokenizerJson() throws Exception {
    Files.delete(folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\r\n[CLS]\n[SEP]\né\na");
    var tokenizer = openWordPiece();
    assertEquals(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "é", "a"), tokenizer.vocabulary());
    assertEquals(
        new TokenizerConfig.Normalization(true, true, null, true), tokenizer.normalization());
    assertEquals("[PAD]", tokenizer.padding());
    assertNull(tokenizer.mask());
    assertEquals(4, tokenizer.added().size());

    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"do_lower_case\":false,\"strip_accents\":true,\"tokenize_chinese_chars\":false,"
            + "\"unk_token\":{\"content\":\"a\"}}");
    var cased = openWordPiece();
    assertEquals(
        new TokenizerConfig.Normalization(true, false, true, false), cased.normalization());
    assertEquals("a", cased.unknown());
  }

  @Test
  void aVocabularyFileOfAnotherKindIsNamed() throws Exception {
    Files.delete(folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("vocab.txt"), "a\nb\n");
    refused("the vocabulary has no \"[UNK]\"");
    Files.write(folder.resolve("vocab.txt"), new byte[] {(byte) 0xFF});
    refused("the vocabulary must be UTF-8");
    Files.writeString(folder.resolve("vocab.txt"), "[UNK]\n[CLS]\n[SEP]\n");
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\":\"T5Tokenizer\"}");
    refused("tokenizer_class \"T5Tokenizer\" is not supported");
  }

  @Test
  void withoutModulesTheMeanIsNotNormalised() throws Exception {
    assertTrue(open().isNormalized());
    Files.delete(folder.resolve("modules.json"));
    assertEquals(Pooling.MEAN, open().pooling());
    assertFalse(open().isNormalized());
  }

  @Test
  void poolingOfAnotherKindIsNamed() throws Exception {
    edit("1_Pooling/config.json", "\"pooling_mode_mean_tokens\"", "\"pooling_mode_max_tokens\"");
    refused("pooling by [pooling_mode_max_tokens] is not supported");
    edit(
        "1_Pooling/config.json",
        "\"pooling_mode_cls_token\":false",
        "\"pooling_mode_cls_token\":true");
    refused("pooling by [pooling_mode_cls_token, pooling_mode_max_tokens] is not supported");
  }

  @Test
  void aModuleOfAnotherKindIsNamed() throws Exception {
    edit("modules.json", "models.Normalize", "models.Dense");
    refused("module \"sentence_transformers.models.Dense\" is not supported");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 100})
  void sequencesAreNeverLongerThanThePositions(int length) throws Exception {
    Files.writeString(
        folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\":" + length + "}");
    assertEquals(Math.min(length, 8), open().maxSequenceLength());
  }

  @Test
  void tensorsMayBeNamedAsInOlderFiles() throws Exception {
    var expected = open().tensor("embeddings.LayerNorm.weight").data();
    rename(
        name ->
            "bert." + name.replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta"));
    assertEquals(-1, open().tensor("embeddings.LayerNorm.weight").data().mismatch(expected));
    assertTrue(open().hasTensor("encoder.layer.1.output.LayerNorm.bias"));
    assertFalse(open().hasTensor("pooler.dense.weight"));
  }

  @Test
  void aTensorThatIsNotOfFloatsIsNamed() throws Exception {
    var file = Safetensors.open(folder.resolve("model.safetensors"), arena);
    var parts = new ArrayList<SafetensorsWriter.Part>();
    for (String name : file.names()) {
      var tensor = file.tensor(name);
      var dtype = name.equals("encoder.layer.0.output.dense.bias") ? DType.I32 : DType.F32;
      parts.add(
          SafetensorsWriter.Part.of(new StoredTensor(name, dtype, tensor.shape(), tensor.data())));
    }
    SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), parts);
    refused("tensor encoder.layer.0.output.dense.bias is of I32");
  }

  private void rename(java.util.function.UnaryOperator<String> names) throws IOException {
    var file = Safetensors.open(folder.resolve("model.safetensors"), arena);
    var parts = new ArrayList<SafetensorsWriter.Part>();
    for (String name : file.names()) {
      var tensor = file.tensor(name);
      parts.add(
          SafetensorsWriter.Part.of(
              new StoredTensor(names.apply(name), tensor.dtype(), tensor.shape(), tensor.data())));
    }
    SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), parts);
  }

  private void edit(String name, String from, String to) throws IOException {
    String text = Files.readString(folder.resolve(name));
    assertTrue(text.contains(from), () -> from + " in " + text);
    Files.writeString(folder.resolve(name), text.replace(from, to));
  }

  private ModelFolder open() throws IOException {
    return ModelFolder.open(folder, arena);
  }

  private TokenizerConfig.WordPiece openWordPiece() throws IOException {
    return assertInstanceOf(TokenizerConfig.WordPiece.class, open().tokenizer());
  }

  private void refused(String problem) {
    var e = assertThrows(IOException.class, this::open);
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
  }
}
