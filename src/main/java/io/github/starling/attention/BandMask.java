package io.github.starling.attention;

import io.github.starling.kernel.KeyMask;
import java.util.Arrays;

/** Lets a query attend to the keys of a band around its own place in the list. */
final class BandMask implements KeyMask {
  private final Band band;
  private int first;

  BandMask(Band band) {
    this.band = band;
  }

  /** Takes the place of the block's first query. */
  void begin(int first) {
    this.first = first;
  }

  @Override
  public boolean reaches(int row, int from, int count) {
    int own = first + row;
    return from <= own + band.ahead() && from + count > own - band.back();
  }

  @Override
  public void hide(int row, int from, int count, float[] scores, int at) {
    int own = first + row - from;
    int begin = Math.clamp((long) own - band.back(), 0, count);
    int end = Math.clamp((long) own + band.ahead() + 1, 0, count);
    Arrays.fill(scores, at, at + begin, Float.NEGATIVE_INFINITY);
    Arrays.fill(scores, at + end, at + count, Float.NEGATIVE_INFINITY);
    if (band.hidesOwn() && own >= 0 && own < count) {
      scores[at + own] = Float.NEGATIVE_INFINITY;
    }
  }
}
