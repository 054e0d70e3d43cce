package io.github.starling.model;

import io.github.starling.tensor.Matrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A BERT, with the heads it was trained with, in a checkpoint of TensorFlow.
 *
 * <p>Sizes come from the shapes of the weights; the number of heads and the activation have none
 * and come from {@code bert_config.json}. Without that, heads are 64 wide and GELU is the tanh
 * approximation, as in the BERT that Google published. Optimizer state is ignored.
 */
final class BertCheckpoint {
  static final String CONFIG_FILE = "bert_config.json";

  private static final String ENCODER = "bert.";
  private static final String MASK_HEAD = "cls.predictions";
  private static final String NEXT_HEAD = "cls.seq_relationship";
  private static final int HEAD_SIZE = 64;
  private static final double EPSILON = 1e-12;

  private final TensorBundle bundle;
  private final String prefix;
  private final EncoderConfig config;

  /**
   * Recognises the encoder.
   *
   * @param json the {@code bert_config.json}, or null if there is none
   * @throws FormatException if the checkpoint is of another model or a size cannot be found
   */
  BertCheckpoint(TensorBundle bundle, JsonObject json) throws FormatException {
    this.bundle = bundle;
    prefix = prefix(bundle);
    int layers = 0;
    while (has(ENCODER + BertTensors.layer(layers, BertTensors.QUERY) + ".bias")) {
      layers++;
    }
    if (layers == 0) {
      throw error("no layer is in it");
    }
    int hidden = size(BertTensors.WORDS, 1);
    config =
        new EncoderConfig(
            size(BertTensors.WORDS, 0),
            hidden,
            layers,
            heads(hidden, json),
            size(BertTensors.layer(0, BertTensors.INTERMEDIATE) + ".bias", 0),
            size(BertTensors.POSITIONS, 0),
            size(BertTensors.TYPES, 0),
            EPSILON,
            json == null ? Activation.GELU_TANH : EncoderConfig.activation(json, "hidden_act"));
  }

  EncoderConfig config() {
    return config;
  }

  /** Returns the content of the {@code config.json}. */
  Map<String, Object> configJson() {
    var json = config.toJson();
    json.put("architectures", List.of(architecture()));
    json.put("pad_token_id", 0);
    json.put("tie_word_embeddings", true);
    return json;
  }

  private String architecture() {
    if (!hasDense(MASK_HEAD)) {
      return "BertModel";
    }
    return hasDense(NEXT_HEAD) ? "BertForPreTraining" : "BertForMaskedLM";
  }

  /**
   * Returns every weight under its Hugging Face name, to be read when its turn comes.
   *
   * <p>The mask head multiplies with the word embeddings, which are not repeated.
   *
   * @throws FormatException if one is missing or has another shape than the sizes call for
   */
  List<SafetensorsWriter.Part> parts() throws FormatException {
    var shapes = new LinkedHashMap<String, List<Long>>();
    long d = config.hiddenSize();
    BertTensors.shapes(config).forEach((name, shape) -> shapes.put(ENCODER + name, shape));
    if (hasDense(ENCODER + BertTensors.POOLER)) {
      BertTensors.dense(shapes, ENCODER + BertTensors.POOLER, d, d);
    }
    if (hasDense(MASK_HEAD)) {
      BertTensors.dense(shapes, MASK_HEAD + ".transform.dense", d, d);
      BertTensors.norm(shapes, MASK_HEAD + ".transform.LayerNorm", d);
      shapes.put(MASK_HEAD + ".bias", List.of((long) config.vocabularySize()));
    }
    if (hasDense(NEXT_HEAD)) {
      BertTensors.dense(shapes, NEXT_HEAD, 2, d);
    }
    var parts = new ArrayList<SafetensorsWriter.Part>();
    for (var entry : shapes.entrySet()) {
      parts.add(part(entry.getKey(), entry.getValue()));
    }
    return parts;
  }

  private SafetensorsWriter.Part part(String name, List<Long> shape) throws FormatException {
    var entry = required(name);
    boolean isKernel = entry.name().endsWith(CheckpointNames.KERNEL);
    var stored = isKernel ? shape.reversed() : shape;
    if (!entry.shape().equals(stored)) {
      throw error(
          "tensor %s must have shape %s but has %s".formatted(entry.name(), stored, entry.shape()));
    }
    return new SafetensorsWriter.Part(
        name,
        DType.F32,
        shape,
        scratch -> {
          var floats = bundle.tensor(entry).floats(scratch);
          if (!isKernel) {
            return floats;
          }
          int rows = stored.getFirst().intValue();
          int columns = stored.getLast().intValue();
          return Transposition.of(new Matrix(floats, 0, rows, columns, columns), scratch).data();
        });
  }

  private int heads(int hidden, JsonObject json) throws FormatException {
    int heads = json == null ? hidden / HEAD_SIZE : json.whole("num_attention_heads", 1);
    if (heads == 0 || hidden % heads != 0 || json == null && hidden % HEAD_SIZE != 0) {
      throw json == null
          ? error(
              "how many heads share %d columns? they are no multiple of 64, and there is no %s"
                  .formatted(hidden, CONFIG_FILE))
          : json.error("%d columns cannot be shared by %d heads".formatted(hidden, heads));
    }
    return heads;
  }

  /** What a hub module or another wrapper puts before the names. */
  private static String prefix(TensorBundle bundle) throws FormatException {
    String words = CheckpointNames.of(ENCODER + BertTensors.WORDS);
    for (String name : bundle.names()) {
      if (name.equals(words) || name.endsWith("/" + words)) { // not albert/…
        return name.substring(0, name.length() - words.length());
      }
    }
    throw new FormatException(bundle.path(), 0, "no tensor is named " + words + ": not a BERT");
  }

  private boolean has(String name) {
    return bundle.entry(prefix + CheckpointNames.of(name)) != null;
  }

  private boolean hasDense(String name) {
    return has(name + ".bias");
  }

  private BundleEntry required(String name) throws FormatException {
    String stored = prefix + CheckpointNames.of(name);
    var entry = bundle.entry(stored);
    if (entry == null) {
      throw error("no tensor is named " + stored);
    }
    if (entry.dtype() == null || !entry.dtype().isFloat()) {
      throw error("tensor " + stored + " must be of floats");
    }
    return entry;
  }

  private int size(String name, int dimension) throws FormatException {
    var entry = required(ENCODER + name);
    long size = dimension < entry.shape().size() ? entry.shape().get(dimension) : 0;
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw error("tensor %s cannot have shape %s".formatted(entry.name(), entry.shape()));
    }
    return (int) size;
  }

  private FormatException error(String problem) {
    return new FormatException(bundle.path(), 0, problem);
  }
}
