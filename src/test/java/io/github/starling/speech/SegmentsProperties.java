package io.github.starling.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SegmentsProperties {
  @Property(tries = 500)
  void piecesCoverTheClipInOrderWithinTheLimit(
      @ForAll @IntRange(max = 40_000) int length,
      @ForAll @IntRange(min = 1_790, max = 20_000) int limit,
      @ForAll long seed) {
    var segments = Segments.of(clip(length, seed), limit);
    int next = 0;
    for (var segment : segments) {
      assertEquals(next, segment.from());
      assertTrue(segment.length() <= limit, segment::toString);
      next = segment.to();
    }
    assertEquals(length, next);
  }

  @Property(tries = 500)
  void noPieceOfAClipIsTooShort(
      @ForAll @IntRange(min = 895, max = 40_000) int length,
      @ForAll @IntRange(min = 1_790, max = 20_000) int limit,
      @ForAll long seed) {
    for (var segment : Segments.of(clip(length, seed), limit)) {
      assertTrue(segment.length() >= Math.min(length, Math.max(895, limit / 3)), segment::toString);
    }
  }

  @Property(tries = 20)
  void theSameClipIsCutAtTheSamePlaces(
      @ForAll @IntRange(max = 40_000) int length, @ForAll long seed) {
    assertEquals(
        Segments.of(clip(length, seed), 5_000), Segments.of(clip(length, seed).clone(), 5_000));
  }

  /** Stretches of noise, each of another loudness, some silent. */
  private static float[] clip(int length, long seed) {
    var random = new SplittableRandom(seed);
    var clip = new float[length];
    float loudness = 1;
    for (int i = 0; i < length; i++) {
      if (random.nextInt(700) == 0) {
        loudness = random.nextInt(3) == 0 ? 0 : random.nextFloat();
      }
      clip[i] = loudness * random.nextFloat(-1, 1);
    }
    return clip;
  }
}
