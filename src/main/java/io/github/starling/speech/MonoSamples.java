package io.github.starling.speech;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Reads samples block by block, takes the mean of their channels and resamples it. */
final class MonoSamples {
  /** The bytes of samples that go to the end of the file, wherever that is. */
  static final long OPEN = Long.MAX_VALUE;

  private static final int FRAMES = 4_096;

  private final SoundBytes bytes;
  private final SoundLayout layout;
  private final float[] mono = new float[FRAMES];
  private long frames;

  private MonoSamples(SoundBytes bytes, SoundLayout layout) {
    this.bytes = bytes;
    this.layout = layout;
  }

  /**
   * Reads all samples.
   *
   * @param bytes at the first sample
   * @param layout how the samples lie
   * @param length bytes of samples, or {@link #OPEN}; a frame that is not whole is left out
   * @return 16,000 samples a second
   * @throws FormatException if there are fewer bytes or no frame, or a sample is not finite
   */
  static float[] read(SoundBytes bytes, SoundLayout layout, long length) throws IOException {
    if (length != OPEN && length > bytes.left()) {
      throw cutShort(bytes, length, bytes.left());
    }
    return new MonoSamples(bytes, layout).read(length);
  }

  private static FormatException cutShort(SoundBytes bytes, long length, long there) {
    return bytes.error(
        bytes.at(),
        "the file is cut short: there should be %d bytes of sound but are %d"
            .formatted(length, there));
  }

  private float[] read(long length) throws IOException {
    long start = bytes.at();
    // what a header says of a pipe is no reason to take memory
    long known = bytes.left() == SoundBytes.UNKNOWN ? 0 : Math.min(length, bytes.left());
    var resampler = new Resampler(layout.rate(), known / layout.frameBytes());
    var block = new byte[FRAMES * layout.frameBytes()];
    for (long left = length; left > 0; ) {
      int wanted = (int) Math.min(block.length, left);
      int read = bytes.read(block, wanted);
      mix(ByteBuffer.wrap(block, 0, read).order(layout.order()), resampler);
      left -= wanted;
      if (read < wanted) {
        if (length != OPEN) {
          throw cutShort(bytes, length, bytes.at() - start);
        }
        break;
      }
    }
    if (frames == 0) {
      throw bytes.error(start, "there is no sound in the file: it has no samples");
    }
    return resampler.finish();
  }

  private void mix(ByteBuffer block, Resampler resampler) throws FormatException {
    int frameBytes = layout.frameBytes();
    int count = block.limit() / frameBytes;
    for (int i = 0; i < count; i++) {
      double sum = 0;
      for (int at = i * frameBytes; at < (i + 1) * frameBytes; at += layout.coding().bytes()) {
        double sample = layout.coding().read(block, at);
        if (!Double.isFinite(sample)) {
          throw notFinite(sample, frames + i, bytes.at() - block.limit() + at);
        }
        sum += Math.clamp(sample, -1, 1);
      }
      mono[i] = (float) (sum / layout.channels());
    }
    frames += count;
    resampler.add(mono, 0, count);
  }

  private FormatException notFinite(double sample, long frame, long offset) {
    double second = (double) frame / layout.rate();
    return bytes.error(
        offset, String.format(Locale.ROOT, "the sample at %.3f seconds is %s", second, sample));
  }
}
