package io.github.starling.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads AIFF (Apple, "Audio Interchange File Format 1.3", 1989) and AIFF-C (draft of 1991) without
 * compression: of their chunks "COMM" and "SSND" matter.
 */
final class AiffFile {
  private final SoundBytes bytes;
  private SoundLayout layout;

  /** Frames that the header promises. */
  private long frames;

  private AiffFile(SoundBytes bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a file.
   *
   * @param bytes after the name "FORM"
   * @return 16,000 samples a second
   */
  static float[] read(SoundBytes bytes) throws IOException {
    return new AiffFile(bytes).read();
  }

  private float[] read() throws IOException {
    header(4); // the size of what follows, which the chunks say again
    String form = SoundBytes.name(header(4));
    if (!form.equals("AIFF") && !form.equals("AIFC")) {
      throw bytes.error(bytes.at() - 4, "this IFF file is no sound but \"" + form + '"');
    }
    while (bytes.left() > 0) {
      var header = header(8);
      String name = SoundBytes.name(header);
      long size = header.getInt() & 0xFFFF_FFFFL;
      switch (name) {
        case "COMM" -> common(size, form.equals("AIFC"));
        case "SSND" -> {
          return sound(size);
        }
        default -> bytes.skip(size + (size & 1));
      }
    }
    throw bytes.error(bytes.at(), "the file ends before its chunk \"SSND\"");
  }

  private float[] sound(long size) throws IOException {
    if (layout == null) {
      throw bytes.error(bytes.at() - 8, "the chunk \"SSND\" comes before the chunk \"COMM\"");
    }
    long offset = header(8).getInt() & 0xFFFF_FFFFL;
    long length = frames * layout.frameBytes();
    if (length > size - 8 - offset) {
      throw bytes.error(
          bytes.at() - 8,
          "the header promises %d bytes of sound, the chunk \"SSND\" has %d"
              .formatted(length, Math.max(0, size - 8 - offset)));
    }
    bytes.skip(offset);
    return MonoSamples.read(bytes, layout, length);
  }

  private void common(long size, boolean hasCompression) throws IOException {
    long start = bytes.at();
    int least = hasCompression ? 22 : 18;
    if (size < least) {
      throw bytes.error(
          start, "the chunk \"COMM\" must have %d bytes, not %d".formatted(least, size));
    }
    var common = header(least);
    bytes.skip(size + (size & 1) - least);
    int channels = common.getShort() & 0xFFFF;
    frames = common.getInt() & 0xFFFF_FFFFL;
    int bits = common.getShort() & 0xFFFF;
    long rate = Math.round(extended(common));
    String compression = hasCompression ? SoundBytes.name(common) : "NONE";
    SampleCoding coding = coding(compression, bits);
    if (coding == null) {
      throw bytes.error(
          start, "AIFF of type \"%s\" with %d bits is not read".formatted(compression, bits));
    }
    String problem = SoundLayout.problem(channels, rate);
    if (problem != null) {
      throw bytes.error(start, problem);
    }
    boolean little = compression.equals("sowt");
    var order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    layout = new SoundLayout(coding, order, channels, (int) rate);
  }

  private static SampleCoding coding(String compression, int bits) {
    return switch (compression) {
      case "NONE", "twos", "sowt" -> SampleCoding.signed(bits);
      case "raw " -> bits == 8 ? SampleCoding.UNSIGNED_8 : null;
      case "in24" -> SampleCoding.SIGNED_24;
      case "in32" -> SampleCoding.SIGNED_32;
      case "fl32", "FL32" -> SampleCoding.FLOAT_32;
      case "fl64", "FL64" -> SampleCoding.FLOAT_64;
      case "ulaw", "ULAW" -> SampleCoding.MU_LAW;
      case "alaw", "ALAW" -> SampleCoding.A_LAW;
      default -> null;
    };
  }

  /** Reads a number of 80 bits: sign, 15 bits of exponent, 64 of mantissa with its leading one. */
  private static double extended(ByteBuffer in) {
    int exponent = in.getShort();
    long mantissa = in.getLong();
    double unsigned = (mantissa >>> 1) * 2.0 + (mantissa & 1);
    return Math.scalb(unsigned, exponent - 16_383 - 63);
  }

  private ByteBuffer header(int count) throws IOException {
    return bytes.take(count, ByteOrder.BIG_ENDIAN);
  }
}
