package io.github.starling.evaluation;

import io.github.starling.model.ModelImport;
import io.github.starling.model.TinyMoonshine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A tiny recogniser and recordings of noise. */
public final class TinyClips {
  private static final int RATE = 16_000;

  private TinyClips() {}

  /** Writes a recogniser of random weights, two layers of two heads, to a folder of its own. */
  public static Path model(Path folder) throws IOException {
    Path graphs = new TinyMoonshine().write(Files.createDirectories(folder.resolve("graphs")));
    Path model = folder.resolve("moonshine");
    ModelImport.run(graphs, model, ModelImport.Options.DEFAULT);
    return model;
  }

  /** Returns noise that swells and fades, so that frames differ. */
  public static float[] noise(int samples, long seed) {
    var random = new Random(seed);
    var noise = new float[samples];
    for (int i = 0; i < samples; i++) {
      double loud = 0.3 * (1 + Math.sin(i / 1500.0 + seed));
      noise[i] = (float) Math.clamp(loud * random.nextGaussian(), -1, 1);
    }
    return noise;
  }

  /** Writes a list of clips, with the recordings beside it, and returns it. */
  public static Path list(Path folder, int clips) throws IOException {
    var list = new StringBuilder("id\ttext\n");
    for (int i = 0; i < clips; i++) {
      Files.write(folder.resolve("clip" + i + ".wav"), wav(noise(8_000 + 1_000 * i, i)));
      list.append("clip")
          .append(i)
          .append("\tOne two three four five six: ")
          .append(i)
          .append('\n');
    }
    return Files.writeString(folder.resolve("clips.tsv"), list);
  }

  /** Returns mono samples as a WAV file of 16 bits. */
  public static byte[] wav(float[] samples) {
    int bytes = 2 * samples.length;
    var wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(name("RIFF")).putInt(36 + bytes).put(name("WAVEfmt ")).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
    wav.putShort((short) 2).putShort((short) 16).put(name("data")).putInt(bytes);
    for (float sample : samples) {
      wav.putShort((short) Math.clamp(Math.round(sample * 32_768), -32_768, 32_767));
    }
    return wav.array();
  }

  private static byte[] name(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }
}
