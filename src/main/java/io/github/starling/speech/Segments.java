package io.github.starling.speech;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a clip into pieces that a speech model can read at once, in its pauses.
 *
 * <p>Each cut is made in the last third of the longest piece that may be, where the 320 ms around
 * it are the quietest, by the energy of frames of 20 ms; equally quiet places go to the latest. If
 * what is left is cut just once more, both pieces have at least a third of the longest. No sample
 * is lost. Linear time.
 */
public final class Segments {
  /** Fewest samples from which Moonshine's encoder makes a frame. */
  public static final int SHORTEST = 895;

  /** Usual samples of a piece at most: 30 seconds. */
  public static final int USUAL_LIMIT = 30 * Resampler.RATE;

  /** Frames on each side of a cut that ought to be quiet: 160 ms. */
  private static final int REACH = 8;

  private Segments() {}

  /**
   * Cuts a clip into pieces of at most 30 seconds.
   *
   * @param samples finite samples, 16,000 a second
   * @return pieces in order, each beginning where the one before ends; none for an empty clip
   */
  public static List<Segment> of(float[] samples) {
    return of(samples, USUAL_LIMIT);
  }

  /**
   * Cuts a clip.
   *
   * @param samples finite samples, 16,000 a second
   * @param limit most samples of a piece, at least 2 · {@value #SHORTEST}
   * @return pieces in order, each beginning where the one before ends; none for an empty clip. None
   *     has fewer than {@value #SHORTEST} samples, unless the clip has.
   * @throws IllegalArgumentException if the limit is too small
   */
  public static List<Segment> of(float[] samples, int limit) {
    if (limit < 2 * SHORTEST) {
      throw new IllegalArgumentException(
          "a segment's limit must be at least %d samples, not %d".formatted(2 * SHORTEST, limit));
    }
    var energy = new FrameEnergy(samples);
    int least = Math.max(limit / 3, SHORTEST);
    var segments = new ArrayList<Segment>();
    int from = 0;
    while (samples.length - from > limit) {
      int left = samples.length - from;
      int to =
          left - least <= limit
              ? quietest(energy, from + least, from + left - least)
              : quietest(energy, from + limit - least, from + limit);
      segments.add(new Segment(from, to));
      from = to;
    }
    if (from < samples.length) {
      segments.add(new Segment(from, samples.length));
    }
    return segments;
  }

  /** Returns the best cut between two frames, from {@code first} to {@code last}. */
  private static int quietest(FrameEnergy energy, int first, int last) {
    int best = last; // if no frame begins here
    double least = Double.POSITIVE_INFINITY;
    for (int frame = Math.ceilDiv(first, FrameEnergy.FRAME);
        frame <= last / FrameEnergy.FRAME;
        frame++) {
      double around = energy.around(frame, REACH);
      if (around <= least) {
        least = around;
        best = frame * FrameEnergy.FRAME;
      }
    }
    return best;
  }
}
