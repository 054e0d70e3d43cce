package io.github.starling.bench.data;

import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.model.DType;
import io.github.starling.model.Safetensors;
import io.github.starling.model.SafetensorsWriter;
import io.github.starling.model.SafetensorsWriter.Part;
import io.github.starling.speech.Transcriber;
import io.github.starling.tensor.Matrix;
import io.github.starling.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Queries, keys and values of real speech: all heads of the middle layer of Moonshine's encoder,
 * which hears a piece of each length with exact attention.
 */
public final class SpeechHeads {
  /** Seconds of the pieces. */
  public static final List<Integer> SECONDS = List.of(25, 50, 300);

  private static final String MODEL = "base";
  private static final List<String> NAMES = List.of("query", "key", "value");

  private SpeechHeads() {}

  /** Returns the file, made if it is not there; other clips have another. */
  static Path file() throws IOException {
    int hash = 1;
    for (Path clip : SpeechData.files()) {
      hash = 31 * (31 * hash + clip.hashCode()) + Long.hashCode(Files.size(clip));
    }
    Path file = DataFolder.path("speech-heads-%08x.safetensors".formatted(hash));
    if (!Files.exists(file)) {
      write(file);
    }
    return file;
  }

  private static void write(Path file) throws IOException {
    try (var arena = Arena.ofShared();
        var model = Transcriber.open(SpeechData.model(MODEL))) {
      var parts = new ArrayList<Part>();
      for (int seconds : SECONDS) {
        encode(model, seconds, arena, parts);
      }
      SafetensorsWriter.write(file, Map.of(), parts);
    }
  }

  private static void encode(Transcriber model, int seconds, Arena arena, List<Part> parts)
      throws IOException {
    float[] samples = SpeechData.lasting(seconds);
    int middle = model.config().encoderLayers() / 2;
    var out =
        Matrix.allocate(arena, Transcriber.frames(samples.length), model.config().hiddenSize());
    model.encode(
        samples,
        new FullAttention(),
        (layer, heads, _) -> {
          if (layer == middle) {
            for (String name : NAMES) {
              parts.add(part(seconds, name, heads, arena));
            }
          }
        },
        out);
  }

  private static Part part(int seconds, String name, List<Head> heads, Arena arena) {
    var shape = of(name, heads.getFirst());
    var tensor = Tensor.allocate(arena, 1, heads.size(), shape.rows(), shape.columns());
    for (int h = 0; h < heads.size(); h++) {
      of(name, heads.get(h)).copyTo(tensor.head(0, h));
    }
    return Part.of(
        seconds + " " + name,
        DType.F32,
        tensor.data(),
        heads.size(),
        shape.rows(),
        shape.columns());
  }

  private static Matrix of(String name, Head head) {
    return switch (name) {
      case "query" -> head.query();
      case "key" -> head.key();
      default -> head.value();
    };
  }

  /**
   * Reads the heads of a piece, each dense.
   *
   * @param seconds one of {@link #SECONDS}
   * @param arena owner of the file's memory and of the outputs
   */
  public static List<Head> load(Arena arena, int seconds) throws IOException {
    var file = Safetensors.open(file(), arena);
    var tensors = new ArrayList<Tensor>();
    for (String name : NAMES) {
      var stored = file.tensor(seconds + " " + name);
      tensors.add(
          new Tensor(
              stored.data(), 1, stored.dimension(0), stored.dimension(1), stored.dimension(2)));
    }
    var query = tensors.get(0);
    var key = tensors.get(1);
    var value = tensors.get(2);
    var output = Tensor.allocate(arena, 1, query.heads(), query.length(), value.width());
    return Head.of(query, key, value, output, Head.Lengths.full(query, key));
  }
}
