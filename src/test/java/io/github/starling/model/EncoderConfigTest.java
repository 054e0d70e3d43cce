package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configs of the families besides BERT; {@link ModelFolderTest} has those of BERT. */
class EncoderConfigTest {
  /** Of roberta-base. */
  private static final String ROBERTA =
      """
      {"architectures": ["RobertaForMaskedLM"], "attention_probs_dropout_prob": 0.1,
       "bos_token_id": 0, "eos_token_id": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
       "hidden_size": 768, "initializer_range": 0.02, "intermediate_size": 3072,
       "layer_norm_eps": 1e-05, "max_position_embeddings": 514, "model_type": "roberta",
       "num_attention_heads": 12, "num_hidden_layers": 12, "pad_token_id": 1,
       "type_vocab_size": 1, "vocab_size": 50265}
      """;

  /** Of distilbert-base-uncased. */
  private static final String DISTILBERT =
      """
      {"activation": "gelu", "architectures": ["DistilBertForMaskedLM"],
       "attention_dropout": 0.1, "dim": 768, "dropout": 0.1, "hidden_dim": 3072,
       "initializer_range": 0.02, "max_position_embeddings": 512, "model_type": "distilbert",
       "n_heads": 12, "n_layers": 6, "pad_token_id": 0, "qa_dropout": 0.1,
       "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": false, "tie_weights_": true,
       "transformers_version": "4.10.0.dev0", "vocab_size": 30522}
      """;

  @TempDir Path folder;

  private EncoderConfig read(String json) throws Exception {
    return EncoderConfig.of(
        JsonObject.read(Files.writeString(folder.resolve("config.json"), json)));
  }

  @Test
  void aRobertaReadsTwoPositionsFewerThanItHasRows() throws Exception {
    var expected =
        new EncoderConfig(
            ModelType.ROBERTA, 50265, 768, 12, 12, 3072, 512, 2, 1, 1e-5, Activation.GELU_ERF);
    assertEquals(expected, read(ROBERTA));
    assertEquals(expected, read(ROBERTA.replace("\"pad_token_id\": 1,", "")));
    assertEquals(expected, read(ROBERTA.replace("\"pad_token_id\": 1", "\"pad_token_id\": null")));
    assertEquals(4, read(ROBERTA.replace("_id\": 1", "_id\": 3")).firstPosition());
  }

  @Test
  void aDistilbertHasNoTypesAndItsOwnKeys() throws Exception {
    assertEquals(
        new EncoderConfig(
            ModelType.DISTILBERT, 30522, 768, 6, 12, 3072, 512, 0, 0, 1e-12, Activation.GELU_ERF),
        read(DISTILBERT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "dim": 768          | "hidden_size": 768 | dim must be a whole number of at least 1 but is missing
          "dim": 768          | "dim": 770         | dim 770 is no multiple of 12 heads
          "n_layers": 6       | "n_layers": 0      | n_layers must be a whole number of at least 1 but is 0
          "activation": "gelu"| "activation": "relu" | activation "relu" is not supported: gelu and gelu_new are
          """)
  void aDistilbertThatCannotBeRunIsNamed(String from, String to, String problem) {
    refused(DISTILBERT.replace(from, to), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          _embeddings": 514  | _embeddings": 2    | max_position_embeddings 2 leaves no position: the first is 2
          "pad_token_id": 1  | "pad_token_id": -1 | pad_token_id must be a whole number of at least 0 but is -1
          "pad_token_id": 1  | "pad_token_id": 2147483647 | leaves no position
          "layer_norm_eps"   | "eps"              | layer_norm_eps must be a number but is missing
          """)
  void aRobertaThatCannotBeRunIsNamed(String from, String to, String problem) {
    refused(ROBERTA.replace(from, to), problem);
  }

  private void refused(String json, String problem) {
    var e = assertThrows(FormatException.class, () -> read(json));
    assertTrue(e.getMessage().contains("config.json"), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }
}
