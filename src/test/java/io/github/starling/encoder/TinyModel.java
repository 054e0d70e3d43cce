package io.github.starling.encoder;

import io.github.starling.model.DType;
import io.github.starling.model.SafetensorsWriter;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A model folder with random weights: two layers, width 20, four heads of 5, 30 positions and a
 * pooler.
 */
final class TinyModel {
  static final int WIDTH = 20;
  static final int WIDE = 37;
  static final int POSITIONS = 30;

  static final List<String> TOKENS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "##a", "##b");

  /** {@code hidden_act} of the config. */
  String activation = "gelu";

  /** Rows of the first query bias. */
  int queryBiasRows = WIDTH;

  boolean hasPooler = true;

  private final Random random = new Random(11);
  private final List<SafetensorsWriter.Part> parts = new ArrayList<>();

  Path write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "bert", "hidden_size": 20, "num_attention_heads": 4, "hidden_act": "%s",
         "num_hidden_layers": 2, "vocab_size": 11, "intermediate_size": 37,
         "max_position_embeddings": 30, "type_vocab_size": 2, "layer_norm_eps": 1e-5}
        """
            .formatted(activation));
    Files.write(folder.resolve("vocab.txt"), TOKENS);
    try (var arena = Arena.ofConfined()) {
      add(arena, "embeddings.word_embeddings.weight", 1, TOKENS.size(), WIDTH);
      add(arena, "embeddings.position_embeddings.weight", 1, POSITIONS, WIDTH);
      add(arena, "embeddings.token_type_embeddings.weight", 1, 2, WIDTH);
      norm(arena, "embeddings.LayerNorm");
      for (int i = 0; i < 2; i++) {
        String layer = "encoder.layer." + i + ".";
        String query = layer + "attention.self.query";
        add(arena, query + ".weight", 0.4, WIDTH, WIDTH);
        add(arena, query + ".bias", 0.4, i == 0 ? queryBiasRows : WIDTH);
        dense(arena, layer + "attention.self.key", WIDTH, WIDTH);
        dense(arena, layer + "attention.self.value", WIDTH, WIDTH);
        dense(arena, layer + "attention.output.dense", WIDTH, WIDTH);
        norm(arena, layer + "attention.output.LayerNorm");
        dense(arena, layer + "intermediate.dense", WIDE, WIDTH);
        dense(arena, layer + "output.dense", WIDTH, WIDE);
        norm(arena, layer + "output.LayerNorm");
      }
      if (hasPooler) {
        dense(arena, "pooler.dense", WIDTH, WIDTH);
      }
      SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), parts);
    }
    return folder;
  }

  private void dense(Arena arena, String name, int out, int in) {
    add(arena, name + ".weight", 0.4, out, in);
    add(arena, name + ".bias", 0.4, out);
  }

  private void norm(Arena arena, String name) {
    add(arena, name + ".weight", 1, WIDTH);
    add(arena, name + ".bias", 0.4, WIDTH);
  }

  private void add(Arena arena, String name, double spread, long... shape) {
    int rows = shape.length == 1 ? 1 : (int) shape[0];
    var values = Matrix.allocate(arena, rows, (int) shape[shape.length - 1]);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < values.columns(); c++) {
        values.set(r, c, (float) (random.nextGaussian() * spread));
      }
    }
    parts.add(SafetensorsWriter.Part.of(name, DType.F32, values.data(), shape));
  }

  /** Returns random sequences of 1 to {@link #POSITIONS} tokens, some of two types. */
  static List<TokenSequence> sequences(int count, long seed) {
    var random = new Random(seed);
    var sequences = new ArrayList<TokenSequence>();
    for (int s = 0; s < count; s++) {
      int n = 1 + random.nextInt(POSITIONS);
      var ids = random.ints(n, 0, TOKENS.size()).toArray();
      var types = new int[n];
      for (int i = random.nextInt(n + 1); s % 2 == 0 && i < n; i++) {
        types[i] = 1;
      }
      sequences.add(new TokenSequence(ids, types));
    }
    return sequences;
  }
}
