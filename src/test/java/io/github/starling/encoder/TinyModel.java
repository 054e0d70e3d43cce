package io.github.starling.encoder;

import io.github.starling.model.Activation;
import io.github.starling.model.DType;
import io.github.starling.model.EncoderConfig;
import io.github.starling.model.ModelType;
import io.github.starling.model.NaiveBert;
import io.github.starling.model.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A model folder of any family with random weights: two layers, width 20, four heads of 5 and 30
 * positions.
 */
public final class TinyModel {
  static final int WIDTH = 20;
  static final int WIDE = 37;
  public static final int POSITIONS = 30;

  public static final List<String> TOKENS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "##a", "##b");

  private static final String MASKED = "cls.predictions.";

  final ModelType type;

  /** The activation of the config. */
  String activation = "gelu";

  /** Members that the config has besides, each followed by a comma. */
  String members = "";

  /** RoBERTa's padding, before which there are no positions. */
  int padding = 1;

  DType dtype = DType.F32;

  /** Tells whether the family stands before the names of the encoder. */
  boolean isPrefixed;

  /** Tells whether layer norms have gamma and beta. */
  boolean isOld;

  /** Rows of the first query bias. */
  int queryBiasRows = WIDTH;

  boolean hasPooler = true;
  boolean hasMaskedWords;

  /** Whether the decoder of masked words has weights of its own. */
  boolean hasDecoder;

  double decoderSpread = 0.4;

  /** What the bias of that decoder belongs to: the head or the {@code decoder}. */
  String biasOwner = "";

  /** Columns that the heads take. */
  int headColumns = WIDTH;

  /** A tensor that the file lacks, by BERT's name. */
  String missing = "";

  int questionOutputs;
  int classes;

  /** Each tensor as it was stored, under BERT's name without {@code bert.}. */
  final Map<String, float[][]> weights = new HashMap<>();

  private final Random random = new Random(11);
  private final List<SafetensorsWriter.Part> parts = new ArrayList<>();

  public TinyModel() {
    this(ModelType.BERT);
  }

  TinyModel(ModelType type) {
    this.type = type;
  }

  /** Writes a BERT that guesses masked words and answers questions. */
  public static Path writeWithHeads(Path folder) throws IOException {
    var model = new TinyModel();
    model.hasMaskedWords = true;
    model.questionOutputs = 2;
    return model.write(folder);
  }

  /** Returns what the config must be read as. */
  EncoderConfig config() {
    return new EncoderConfig(
        type,
        TOKENS.size(),
        WIDTH,
        2,
        4,
        WIDE,
        POSITIONS,
        type == ModelType.ROBERTA ? padding + 1 : 0,
        switch (type) {
          case BERT -> 2;
          case ROBERTA -> 1;
          case DISTILBERT -> 0;
        },
        type == ModelType.DISTILBERT ? 1e-12 : 1e-5,
        activation.equals("gelu") ? Activation.GELU_ERF : Activation.GELU_TANH);
  }

  /** Returns the formulas with these weights, once they are written. */
  NaiveBert naive() {
    return new NaiveBert(config(), weights::get);
  }

  private String json() {
    String shape =
        switch (type) {
          case BERT ->
              """
              "model_type": "bert", "hidden_size": 20, "num_attention_heads": 4,
              "num_hidden_layers": 2, "intermediate_size": 37, "max_position_embeddings": 30,
              "pad_token_id": 0, "type_vocab_size": 2, "layer_norm_eps": 1e-5, "hidden_act": "%s"
              """;
          case ROBERTA ->
              """
              "model_type": "roberta", "hidden_size": 20, "num_attention_heads": 4,
              "num_hidden_layers": 2, "intermediate_size": 37, "max_position_embeddings": %d,
              "pad_token_id": %d, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "hidden_act": "%%s"
              """
                  .formatted(POSITIONS + padding + 1, padding);
          case DISTILBERT ->
              """
              "model_type": "distilbert", "dim": 20, "n_heads": 4, "n_layers": 2,
              "hidden_dim": 37, "max_position_embeddings": 30, "pad_token_id": 0,
              "sinusoidal_pos_embds": false, "tie_weights_": true, "activation": "%s"
              """;
        };
    return "{" + members + "\"vocab_size\": 11, " + shape.formatted(activation) + "}";
  }

  /** Writes the folder. */
  public Path write(Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), json());
    Files.write(folder.resolve("vocab.txt"), TOKENS);
    add("embeddings.word_embeddings.weight", 1, TOKENS.size(), WIDTH);
    add("embeddings.position_embeddings.weight", 1, config().firstPosition() + POSITIONS, WIDTH);
    if (type != ModelType.DISTILBERT) {
      add("embeddings.token_type_embeddings.weight", 1, config().typeVocabularySize(), WIDTH);
    }
    norm("embeddings.LayerNorm");
    for (int i = 0; i < 2; i++) {
      String layer = "encoder.layer." + i + ".";
      String query = layer + "attention.self.query";
      add(query + ".weight", 0.4, WIDTH, WIDTH);
      add(query + ".bias", 0.4, i == 0 ? queryBiasRows : WIDTH);
      dense(layer + "attention.self.key", WIDTH, WIDTH);
      dense(layer + "attention.self.value", WIDTH, WIDTH);
      dense(layer + "attention.output.dense", WIDTH, WIDTH);
      norm(layer + "attention.output.LayerNorm");
      dense(layer + "intermediate.dense", WIDE, WIDTH);
      dense(layer + "output.dense", WIDTH, WIDE);
      norm(layer + "output.LayerNorm");
    }
    writeHeads();
    SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), parts);
    return folder;
  }

  private void writeHeads() {
    if (type == ModelType.BERT ? hasPooler : classes > 0) {
      dense("pooler.dense", WIDTH, WIDTH);
    }
    if (classes > 0) {
      dense("classifier", classes, headColumns);
    }
    if (questionOutputs > 0) {
      dense("qa_outputs", questionOutputs, headColumns);
    }
    if (hasMaskedWords) {
      dense(MASKED + "transform.dense", WIDTH, headColumns);
      norm(MASKED + "transform.LayerNorm");
      add(MASKED + biasOwner + "bias", decoderSpread, TOKENS.size());
    }
    if (hasDecoder) {
      add(MASKED + "decoder.weight", decoderSpread, TOKENS.size(), WIDTH);
    }
  }

  private void dense(String name, int out, int in) {
    add(name + ".weight", 0.4, out, in);
    add(name + ".bias", 0.4, out);
  }

  private void norm(String name) {
    add(name + ".weight", 1, WIDTH);
    add(name + ".bias", 0.4, WIDTH);
  }

  private void add(String name, double spread, long... shape) {
    int columns = (int) shape[shape.length - 1];
    var values = new float[shape.length == 1 ? 1 : (int) shape[0]][columns];
    var stored = MemorySegment.ofArray(new byte[dtype.bytes() * values.length * columns]);
    for (int i = 0; i < values.length * columns; i++) {
      values[i / columns][i % columns] = store((float) (random.nextGaussian() * spread), stored, i);
    }
    weights.put(name, values);
    String inFile = FamilyNames.of(type, name);
    if (isPrefixed && FamilyNames.isOfEncoder(inFile)) {
      inFile = type.configName() + "." + inFile;
    }
    if (isOld) {
      inFile = inFile.replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta");
    }
    if (!name.equals(missing)) {
      parts.add(SafetensorsWriter.Part.of(inFile, dtype, stored, shape));
    }
  }

  /** Returns what is left of a value in the element type. */
  private float store(float value, MemorySegment to, int index) {
    var order = ByteOrder.LITTLE_ENDIAN;
    if (dtype == DType.F32) {
      to.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), 4L * index, value);
      return value;
    }
    boolean isHalf = dtype == DType.F16;
    short bits = isHalf ? Float.floatToFloat16(value) : (short) (Float.floatToIntBits(value) >> 16);
    to.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), 2L * index, bits);
    return isHalf ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
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

  /** Returns a random text of one-token words, without spaces at its ends. */
  public static String text(int words, long seed) {
    var random = new Random(seed);
    var text = new StringBuilder();
    for (int w = 0; w < words; w++) {
      text.append(w == 0 ? "" : " ").append("abcd".charAt(random.nextInt(4)));
    }
    return text.toString();
  }
}
