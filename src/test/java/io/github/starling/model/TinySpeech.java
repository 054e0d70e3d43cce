package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A Moonshine folder with random weights: width 20, two heads of 10 of which 8 channels turn, two
 * layers each way, and 270 tokens of which 266 are pieces of text.
 */
public final class TinySpeech {
  private static final MoonshineConfig CONFIG =
      new MoonshineConfig(270, 20, 2, 2, 2, 14, 8, 10_000, 64, 1, 2);

  private TinySpeech() {}

  /** Writes the folder, which must exist, and returns it. */
  public static Path write(Path folder, long seed) throws IOException {
    var random = new Random(seed);
    var parts = new ArrayList<SafetensorsWriter.Part>();
    for (var entry : MoonshineTensors.shapes(CONFIG).entrySet()) {
      long[] shape = entry.getValue().stream().mapToLong(Long::longValue).toArray();
      var data = data(entry.getKey(), shape, random);
      parts.add(SafetensorsWriter.Part.of(entry.getKey(), DType.F32, data, shape));
    }
    SafetensorsWriter.write(folder.resolve(ModelFolder.WEIGHTS), Map.of("format", "pt"), parts);
    Files.write(folder.resolve(EncoderConfig.FILE), Json.file(CONFIG.toJson()));
    var vocabulary = new LinkedHashMap<String, Object>();
    for (String piece : pieces()) {
      vocabulary.put(piece, vocabulary.size());
    }
    var model = Map.of("type", "BPE", "byte_fallback", true, "vocab", vocabulary);
    Files.write(folder.resolve(ModelFolder.TOKENIZER), Json.file(Map.of("model", model)));
    return folder;
  }

  /** Returns the pieces by their ids. */
  public static List<String> pieces() {
    var pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      pieces.add("<0x%02X>".formatted(b));
    }
    pieces.addAll(List.of("\u2581", "\u2581the", "bird", "\u2581sings", "s", ".", "\u00e9"));
    return pieces;
  }

  /** Norms keep about the size of what they norm, and products too. */
  private static MemorySegment data(String name, long[] shape, Random random) {
    boolean isNorm = name.contains("norm") && name.endsWith("weight");
    int inputs = 1;
    int elements = (int) shape[0];
    for (int i = 1; i < shape.length; i++) {
      inputs *= (int) shape[i];
    }
    elements *= inputs;
    double spread = isNorm ? 0.2 : shape.length == 1 ? 0.1 : 1.5 / Math.sqrt(inputs);
    var bytes = ByteBuffer.allocateDirect(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      bytes.putFloat(4 * i, (float) ((isNorm ? 1 : 0) + spread * random.nextGaussian()));
    }
    return MemorySegment.ofBuffer(bytes);
  }
}
