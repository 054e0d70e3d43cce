package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoonshineConfigTest {
  private static final Path FILE = Path.of("/m/config.json");

  /** As Hugging Face has it. */
  private static final String PUBLISHED =
      """
      {"architectures":["MoonshineForConditionalGeneration"],"attention_bias":false,
      "attention_dropout":0.0,"bos_token_id":1,"decoder_hidden_act":"silu",
      "decoder_num_attention_heads":8,"decoder_num_hidden_layers":6,
      "decoder_num_key_value_heads":8,"decoder_start_token_id":1,"encoder_hidden_act":"gelu",
      "encoder_num_attention_heads":8,"encoder_num_hidden_layers":6,
      "encoder_num_key_value_heads":8,"eos_token_id":2,"hidden_size":288,
      "initializer_range":0.02,"intermediate_size":1152,"is_encoder_decoder":true,
      "max_position_embeddings":194,"model_type":"moonshine","pad_head_dim_to_multiple_of":8,
      "partial_rotary_factor":0.9,"rope_scaling":null,"rope_theta":10000.0,
      "torch_dtype":"float32","use_cache":true,"vocab_size":32768}\
      """;

  private static final MoonshineConfig TINY =
      new MoonshineConfig(32_768, 288, 6, 6, 8, 1152, 32, 10_000, 194, 1, 2);

  private static final MoonshineConfig BASE =
      new MoonshineConfig(32_768, 416, 8, 8, 8, 1664, 32, 10_000, 194, 1, 2);

  @Test
  void thePublishedFileIsRead() throws IOException {
    assertEquals(TINY, read(PUBLISHED));
    assertEquals(36, TINY.headSize());
  }

  @Test
  void whatIsLeftOutIsAsUsual() throws IOException {
    String shorter = PUBLISHED;
    for (String member :
        new String[] {
          "\"attention_bias\":false,",
          "\"decoder_hidden_act\":\"silu\",",
          "\"encoder_hidden_act\":\"gelu\",",
          "\"decoder_num_attention_heads\":8,",
          "\"decoder_num_key_value_heads\":8,",
          "\"encoder_num_key_value_heads\":8,",
          "\"decoder_start_token_id\":1,",
          "\"eos_token_id\":2,",
          "\"rope_theta\":10000.0,"
        }) {
      assertTrue(shorter.contains(member), member);
      shorter = shorter.replace(member, "");
    }
    assertEquals(TINY, read(shorter));
  }

  @Test
  void rotationMayBeInAnObjectOfItsOwn() throws IOException {
    String newer =
        PUBLISHED
            .replace("\"partial_rotary_factor\":0.9,\"rope_scaling\":null,", "")
            .replace(
                "\"rope_theta\":10000.0",
                "\"rope_parameters\":{\"partial_rotary_factor\":0.5,\"rope_theta\":500.0,"
                    + "\"rope_type\":\"default\"}");
    assertEquals(new MoonshineConfig(32_768, 288, 6, 6, 8, 1152, 18, 500, 194, 1, 2), read(newer));
  }

  @Test
  void whatIsWrittenIsReadTheSame() throws IOException {
    for (var config :
        new MoonshineConfig[] {
          TINY, BASE, new MoonshineConfig(5, 6, 1, 2, 1, 7, 6, 100.5, 9, 3, 4)
        }) {
      assertEquals(config, read(new String(Json.file(config.toJson()))));
    }
  }

  @Test
  void theRotaryFactorIsThePublishedOne() {
    assertEquals(0.9, TINY.toJson().get("partial_rotary_factor"));
    assertEquals(0.62, BASE.toJson().get("partial_rotary_factor"));
  }

  @Test
  void everyNumberOfChannelsHasAFactor() throws IOException {
    for (int size = 2; size <= 256; size++) {
      for (int channels = 2; channels <= size; channels += 2) {
        var config = new MoonshineConfig(5, size, 1, 1, 1, 7, channels, 100, 9, 1, 2);
        assertEquals(config, read(new String(Json.file(config.toJson()))));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "moonshine"       | "whisper" | model_type "whisper" is not supported: moonshine is
          "gelu"            | "relu"    | encoder_hidden_act "relu" is not supported: gelu is
          "silu"            | "gelu"    | decoder_hidden_act "gelu" is not supported: silu is
          bias":false       | bias":true | attention_bias true is not supported: false is
          "use_cache":true  | "tie_word_embeddings":false | tie_word_embeddings false is not
          "encoder_num_key_value_heads":8 | "encoder_num_key_value_heads":2 | encoder_num_key_value_heads 2 is not supported: it must be encoder_num_attention_heads, which is 8
          "decoder_num_key_value_heads":8 | "decoder_num_key_value_heads":1 | decoder_num_key_value_heads 1 is not
          "decoder_num_attention_heads":8 | "decoder_num_attention_heads":4 | decoder_num_attention_heads 4 is not
          "hidden_size":288 | "hidden_size":289 | hidden_size 289 is no multiple of 8 heads
          "hidden_size":288 | "hidden_size":0 | hidden_size must be a whole number of at least 1
          r":0.9            | r":0.7    | partial_rotary_factor 0.7 turns 25 of 36 channels
          r":0.9            | r":0.01   | partial_rotary_factor 0.01 turns 0 of 36 channels
          r":0.9            | r":1.5    | partial_rotary_factor 1.5 turns 54 of 36 channels
          r":0.9            | r":-1     | partial_rotary_factor -1.0 turns
          a":10000.0        | a":0      | rope_theta must be positive but is 0.0
          a":10000.0        | a":-1     | rope_theta must be positive but is -1.0
          "rope_scaling":null | "rope_scaling":{} | rope_scaling is not supported: null is
          "rope_scaling":null | "rope_type":"yarn" | rope_type "yarn" is not supported: default is
          "eos_token_id":2  | "eos_token_id":32768 | eos_token_id is 32768 but vocab_size is 32768
          "decoder_start_token_id":1 | "decoder_start_token_id":-1 | decoder_start_token_id must be
          "decoder_num_hidden_layers":6 | "decoder_num_hidden_layers":0 | decoder_num_hidden_layers must be
          """)
  void whatCannotBeRunIsNamed(String from, String to, String problem) {
    assertTrue(PUBLISHED.contains(from), from);
    var e = assertThrows(FormatException.class, () -> read(PUBLISHED.replace(from, to)));
    assertTrue(e.getMessage().startsWith(FILE + ", byte 0: " + problem), e.getMessage());
  }

  private static MoonshineConfig read(String json) throws IOException {
    return MoonshineConfig.of(new JsonObject(FILE, 0, "", Json.parse(FILE, json.getBytes())));
  }
}
