package io.github.starling.speech;

import java.util.Objects;

/**
 * A piece of a clip of 16,000 samples a second.
 *
 * @param from its first sample
 * @param to the first sample after it
 */
public record Segment(int from, int to) {
  /** A frame is silent below 60 dB under full scale: its mean square, of 1. */
  private static final double SILENT = 1e-6;

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if the piece is empty or begins before the clip
   */
  public Segment {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "a segment must hold samples, not those from %d to before %d".formatted(from, to));
    }
  }

  /** Returns the number of samples. */
  public int length() {
    return to - from;
  }

  /** Returns when it begins. */
  public double seconds() {
    return (double) from / Resampler.RATE;
  }

  /**
   * Tells whether nothing can be heard: no 20 ms of it are louder than 60 dB below full scale (root
   * of the mean square).
   *
   * @param samples the clip
   * @throws IndexOutOfBoundsException if the segment ends after the clip
   */
  public boolean isSilent(float[] samples) {
    Objects.checkFromToIndex(from, to, samples.length);
    boolean silent = true;
    for (int at = from; at < to && silent; ) {
      int end = at + Math.min(FrameEnergy.FRAME, to - at);
      silent = FrameEnergy.meanSquare(samples, at, end) <= SILENT;
      at = end;
    }
    return silent;
  }
}
