package io.github.starling.speech;

import java.nio.ByteOrder;

/**
 * How the samples lie in a file: frames of a sample for each channel.
 *
 * @param coding of each sample
 * @param order of the bytes of a sample
 * @param channels 1 to {@value #MOST_CHANNELS}
 * @param rate frames a second
 */
record SoundLayout(SampleCoding coding, ByteOrder order, int channels, int rate) {
  static final int MOST_CHANNELS = 64;

  int frameBytes() {
    return coding.bytes() * channels;
  }

  /** Tells what is wrong with the channels or the rate that a header gives, or returns null. */
  static String problem(long channels, long rate) {
    if (channels < 1 || channels > MOST_CHANNELS) {
      return "there must be 1 to %d channels, not %d".formatted(MOST_CHANNELS, channels);
    }
    if (rate < Resampler.LOWEST_RATE || rate > Resampler.HIGHEST_RATE) {
      return "the rate must be %d to %d samples a second, not %d"
          .formatted(Resampler.LOWEST_RATE, Resampler.HIGHEST_RATE, rate);
    }
    return null;
  }
}
