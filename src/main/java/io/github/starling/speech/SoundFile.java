package io.github.starling.speech;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads sound as speech models hear it: 16,000 mono samples a second, full scale 1.
 *
 * <p>Reads WAV and AIFF with samples of 8 to 32 bits, floats of 32 or 64 bits (clipped at full
 * scale), mu-law and A-law, at 1 to 768 kHz; {@link Resampler} brings them to 16 kHz. Of up to 64
 * channels the mean is taken. A file is read block by block: what is kept are the samples that are
 * returned.
 */
public final class SoundFile {
  private static final Path STANDARD_INPUT = Path.of("standard input");

  private SoundFile() {}

  /**
   * Reads a WAV or AIFF file.
   *
   * @param path a file, which may be a pipe
   * @return samples from -1 to 1, at least one; resampling may go beyond by a little
   * @throws FormatException if it is no such file or cut short, has no samples or some that are not
   *     finite
   * @throws IOException if it cannot be read
   */
  public static float[] read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FileSystemException(path.toString(), null, "a folder, not a sound file");
    }
    try (var in = Files.newInputStream(path)) {
      long size = Files.isRegularFile(path) ? Files.size(path) : SoundBytes.UNKNOWN;
      return read(new SoundBytes(path, in, size));
    }
  }

  /**
   * Reads WAV or AIFF from the standard input, or what stands for it.
   *
   * @param in a sound file's bytes, read to the end of the sound; it is not closed
   * @return as {@link #read(Path)}
   * @throws FormatException as {@link #read(Path)}
   * @throws IOException if it cannot be read
   */
  public static float[] read(InputStream in) throws IOException {
    return read(new SoundBytes(STANDARD_INPUT, in, SoundBytes.UNKNOWN));
  }

  /**
   * Reads mono samples of 16 bits, little-endian, without a header, from the standard input or what
   * stands for it.
   *
   * @param in the samples, read to the end; it is not closed
   * @param rate samples a second, 1,000 to 768,000
   * @return as {@link #read(Path)}
   * @throws IllegalArgumentException if the rate is out of range
   * @throws FormatException if there is no sample
   * @throws IOException if it cannot be read
   */
  public static float[] readRaw(InputStream in, int rate) throws IOException {
    Resampler.checkRate(rate);
    var bytes = new SoundBytes(STANDARD_INPUT, in, SoundBytes.UNKNOWN);
    var layout = new SoundLayout(SampleCoding.SIGNED_16, ByteOrder.LITTLE_ENDIAN, 1, rate);
    return MonoSamples.read(bytes, layout, MonoSamples.OPEN);
  }

  private static float[] read(SoundBytes bytes) throws IOException {
    var first = new byte[4];
    int count = bytes.read(first, first.length);
    if (count == 0) {
      throw bytes.error(0, "the file is empty");
    }
    String name = SoundBytes.name(ByteBuffer.wrap(first));
    return switch (name) {
      case "RIFF" -> WavFile.read(bytes);
      case "FORM" -> AiffFile.read(bytes);
      default -> throw bytes.error(0, "WAV or AIFF is needed; this is " + kind(name));
    };
  }

  /** Names what people take for a sound file, by its first four bytes. */
  private static String kind(String name) {
    return switch (name) {
      case "fLaC" -> "FLAC";
      case "OggS" -> "Ogg";
      case "RF64", "BW64" -> "WAV with lengths of 64 bits";
      case "RIFX" -> "WAV with big-endian numbers";
      case ".snd" -> "Sun audio";
      default -> name.startsWith("ID3") ? "MP3" : "neither (it begins with \"" + name + "\")";
    };
  }
}
