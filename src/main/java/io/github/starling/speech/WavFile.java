package io.github.starling.speech;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads WAV: RIFF chunks (IBM and Microsoft, "Multimedia Programming Interface and Data
 * Specifications 1.0", 1991) of which "fmt " and "data" matter.
 *
 * <p>A program that writes into a pipe cannot know the length of the sound and writes one that
 * cannot be; then the sound goes on to the end of the file.
 */
final class WavFile {
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;

  /** The format is in the first bytes of the name of a subformat. */
  private static final int EXTENSIBLE = 0xFFFE;

  private final SoundBytes bytes;
  private SoundLayout layout;

  private WavFile(SoundBytes bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a file.
   *
   * @param bytes after the name "RIFF"
   * @return 16,000 samples a second
   */
  static float[] read(SoundBytes bytes) throws IOException {
    return new WavFile(bytes).read();
  }

  private float[] read() throws IOException {
    long riffSize = header(4).getInt() & 0xFFFF_FFFFL;
    long riffEnd = bytes.at() + riffSize;
    String form = SoundBytes.name(header(4));
    if (!form.equals("WAVE")) {
      throw bytes.error(bytes.at() - 4, "this RIFF file is no sound but \"" + form + '"');
    }
    while (bytes.left() > 0) {
      var header = header(8);
      String name = SoundBytes.name(header);
      long size = header.getInt() & 0xFFFF_FFFFL;
      if (name.equals("data")) {
        boolean open =
            isUnknown(size) || size == 0 && (isUnknown(riffSize) || riffEnd <= bytes.at());
        return data(open ? MonoSamples.OPEN : size);
      }
      if (name.equals("fmt ")) {
        format(size);
      } else {
        bytes.skip(size + (size & 1));
      }
    }
    throw bytes.error(bytes.at(), "the file ends before its chunk \"data\"");
  }

  /**
   * Tells whether a length stands for one that was not known when it was written: the greatest of
   * 32 bits, with or without a sign, or some little less, as the programs have it that write it.
   */
  private static boolean isUnknown(long size) {
    return size >= 0xFFFF_F000L || size >= 0x7FFF_F000L && size <= 0x8000_0000L;
  }

  private float[] data(long length) throws IOException {
    if (layout == null) {
      throw bytes.error(bytes.at() - 8, "the chunk \"data\" comes before the chunk \"fmt \"");
    }
    return MonoSamples.read(bytes, layout, length);
  }

  private void format(long size) throws IOException {
    long start = bytes.at();
    if (size < 16) {
      throw bytes.error(start, "the chunk \"fmt \" must have 16 bytes, not " + size);
    }
    var format = header((int) Math.min(size, 40));
    bytes.skip(size + (size & 1) - format.limit());
    int tag = format.getShort() & 0xFFFF;
    int channels = format.getShort() & 0xFFFF;
    long rate = format.getInt() & 0xFFFF_FFFFL;
    int frameBytes = format.getShort(12) & 0xFFFF;
    int bits = format.getShort(14) & 0xFFFF;
    if (tag == EXTENSIBLE && format.limit() == 40) {
      tag = format.getShort(24) & 0xFFFF;
    }
    SampleCoding coding = coding(tag, bits, start);
    String problem = SoundLayout.problem(channels, rate);
    if (problem != null) {
      throw bytes.error(start + 2, problem);
    }
    layout = new SoundLayout(coding, ByteOrder.LITTLE_ENDIAN, channels, (int) rate);
    if (layout.frameBytes() != frameBytes) {
      throw bytes.error(
          start + 12,
          "%d channels of %d bits must be %d bytes, not %d"
              .formatted(channels, bits, layout.frameBytes(), frameBytes));
    }
  }

  private SampleCoding coding(int tag, int bits, long start) throws FormatException {
    SampleCoding coding =
        switch (tag) {
          case PCM -> bits > 0 && bits <= 8 ? SampleCoding.UNSIGNED_8 : SampleCoding.signed(bits);
          case FLOAT -> SampleCoding.floating(bits);
          case A_LAW -> bits == 8 ? SampleCoding.A_LAW : null;
          case MU_LAW -> bits == 8 ? SampleCoding.MU_LAW : null;
          default ->
              throw bytes.error(
                  start, "WAV of format 0x%04x is compressed and not read".formatted(tag));
        };
    if (coding == null) {
      throw bytes.error(start + 14, "WAV with samples of %d bits is not read".formatted(bits));
    }
    return coding;
  }

  private ByteBuffer header(int count) throws IOException {
    return bytes.take(count, ByteOrder.LITTLE_ENDIAN);
  }
}
