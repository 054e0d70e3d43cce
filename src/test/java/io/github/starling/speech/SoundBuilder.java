package io.github.starling.speech;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes sound files byte by byte, those of no sane program too. */
final class SoundBuilder {
  private final ByteBuffer out;

  private SoundBuilder(ByteOrder order) {
    out = ByteBuffer.allocate(1 << 20).order(order);
  }

  static SoundBuilder little() {
    return new SoundBuilder(ByteOrder.LITTLE_ENDIAN);
  }

  static SoundBuilder big() {
    return new SoundBuilder(ByteOrder.BIG_ENDIAN);
  }

  /** Begins a WAV with a chunk "fmt " of 16 bytes. */
  static SoundBuilder wav(int tag, int channels, int rate, int bits) {
    return little()
        .text("RIFF")
        .ints(0x7FFF_FFFF)
        .text("WAVE")
        .text("fmt ")
        .ints(16)
        .format(tag, channels, rate, bits);
  }

  SoundBuilder format(int tag, int channels, int rate, int bits) {
    int frame = channels * Math.ceilDiv(bits, 8);
    return shorts(tag, channels).ints(rate, rate * frame).shorts(frame, bits);
  }

  /** Begins an AIFF or, with a compression, an AIFF-C. */
  static SoundBuilder aiff(String compression, int channels, int frames, int bits) {
    var builder = big().text("FORM").ints(0).text(compression == null ? "AIFF" : "AIFC");
    builder.text("COMM").ints(compression == null ? 18 : 24).shorts(channels).ints(frames);
    builder.shorts(bits, 0x400C, 0xFA00, 0, 0, 0); // 16,000 in 80 bits
    return compression == null ? builder : builder.text(compression).shorts(0);
  }

  SoundBuilder text(String text) {
    return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  SoundBuilder bytes(byte... values) {
    out.put(values);
    return this;
  }

  SoundBuilder shorts(int... values) {
    for (int value : values) {
      out.putShort((short) value);
    }
    return this;
  }

  SoundBuilder ints(int... values) {
    for (int value : values) {
      out.putInt(value);
    }
    return this;
  }

  SoundBuilder floats(float... values) {
    for (float value : values) {
      out.putFloat(value);
    }
    return this;
  }

  SoundBuilder doubles(double... values) {
    for (double value : values) {
      out.putDouble(value);
    }
    return this;
  }

  byte[] bytes() {
    return Arrays.copyOf(out.array(), out.position());
  }
}
