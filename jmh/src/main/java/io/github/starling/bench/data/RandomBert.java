package io.github.starling.bench.data;

import io.github.starling.model.DType;
import io.github.starling.model.SafetensorsWriter;
import io.github.starling.model.SafetensorsWriter.Part;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A model of the shape of BERT-base with random weights from a fixed seed: what is timed does not
 * depend on what a model knows. Its vocabulary is small, since words are only looked up.
 */
final class RandomBert {
  private static final int LAYERS = 12;
  private static final int WIDTH = 768;
  private static final int WIDE = 3072;
  private static final int POSITIONS = 512;
  private static final int WORDS = 1000;

  private final SplittableRandom random = new SplittableRandom(5);
  private final Arena arena;
  private final List<Part> parts = new ArrayList<>();

  private RandomBert(Arena arena) {
    this.arena = arena;
  }

  static void write(Path folder) throws IOException {
    Path unfinished = folder.resolveSibling(folder.getFileName() + ".part");
    Files.createDirectories(unfinished);
    Files.writeString(
        unfinished.resolve("config.json"),
        """
        {"model_type": "bert", "hidden_size": %d, "num_attention_heads": 12, "hidden_act": "gelu",
         "num_hidden_layers": %d, "vocab_size": %d, "intermediate_size": %d,
         "max_position_embeddings": %d, "type_vocab_size": 2, "layer_norm_eps": 1e-12}
        """
            .formatted(WIDTH, LAYERS, WORDS, WIDE, POSITIONS));
    var words = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"));
    for (int i = words.size(); i < WORDS; i++) {
      words.add("word" + i);
    }
    Files.write(unfinished.resolve("vocab.txt"), words);
    try (var arena = Arena.ofConfined()) {
      var model = new RandomBert(arena);
      model.addAll();
      SafetensorsWriter.write(unfinished.resolve("model.safetensors"), Map.of(), model.parts);
    }
    Files.move(unfinished, folder);
  }

  private void addAll() {
    add("embeddings.word_embeddings.weight", 0, WORDS, WIDTH);
    add("embeddings.position_embeddings.weight", 0, POSITIONS, WIDTH);
    add("embeddings.token_type_embeddings.weight", 0, 2, WIDTH);
    addNorm("embeddings.LayerNorm");
    for (int i = 0; i < LAYERS; i++) {
      String layer = "encoder.layer." + i + ".";
      for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
        addDense(layer + "attention." + name, WIDTH, WIDTH);
      }
      addNorm(layer + "attention.output.LayerNorm");
      addDense(layer + "intermediate.dense", WIDE, WIDTH);
      addDense(layer + "output.dense", WIDTH, WIDE);
      addNorm(layer + "output.LayerNorm");
    }
  }

  private void addDense(String name, int out, int in) {
    add(name + ".weight", 0, out, in);
    add(name + ".bias", 0, out);
  }

  private void addNorm(String name) {
    add(name + ".weight", 1, WIDTH);
    add(name + ".bias", 0, WIDTH);
  }

  /** Adds numbers around a mean, spread as BERT's weights are when its training begins. */
  private void add(String name, float mean, long... shape) {
    long count = 1;
    for (long dimension : shape) {
      count *= dimension;
    }
    var values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = mean + 0.07f * ((random.nextInt() >>> 8) * 0x1p-24f - 0.5f);
    }
    var data = arena.allocate(count * Float.BYTES);
    MemorySegment.copy(values, 0, data, Matrix.FLOAT, 0, values.length);
    parts.add(Part.of(name, DType.F32, data, shape));
  }
}
