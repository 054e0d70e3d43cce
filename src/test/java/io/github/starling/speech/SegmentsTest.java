package io.github.starling.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsTest {
  private static final int SECOND = Resampler.RATE;

  @ParameterizedTest
  @ValueSource(ints = {1, 894, 895, 30 * SECOND - 1, 30 * SECOND})
  void aClipUpToTheLimitIsOnePiece(int length) {
    assertEquals(List.of(new Segment(0, length)), Segments.of(new float[length]));
  }

  @Test
  void anEmptyClipHasNone() {
    assertEquals(List.of(), Segments.of(new float[0]));
  }

  @Test
  void cutsAreInTheMiddleOfPauses() {
    float[] clip = noise(100 * SECOND);
    // the pauses of the last ten seconds of a piece; others are too early to be used
    pause(clip, 12.0, 0.40);
    pause(clip, 25.0, 0.32);
    pause(clip, 53.0, 0.32);
    pause(clip, 60.0, 0.32);
    assertEquals(
        List.of(cut(0, 25.16), cut(25.16, 53.16), cut(53.16, 83.16), cut(83.16, 100)),
        Segments.of(clip));
  }

  @Test
  void aLongPauseIsPreferredToAShortOne() {
    float[] clip = noise(40 * SECOND);
    pause(clip, 22.0, 0.32);
    pause(clip, 28.0, 0.10); // as between two words
    assertEquals(cut(0, 22.16), Segments.of(clip).getFirst());
  }

  @Test
  void whereNothingIsQuietThePieceIsAsLongAsMayBe() {
    var clip = new float[100 * SECOND];
    Arrays.fill(clip, 0.5f);
    assertEquals(List.of(cut(0, 30), cut(30, 60), cut(60, 90), cut(90, 100)), Segments.of(clip));
  }

  @Test
  void oneSampleTooManyMakesTwoPiecesOfAThirdAtLeast() {
    var segments = Segments.of(new float[30 * SECOND + 1]);
    assertEquals(2, segments.size());
    assertTrue(segments.getLast().length() >= 10 * SECOND, segments.toString());
    float[] clip = noise(31 * SECOND);
    pause(clip, 10.5, 0.32);
    assertEquals(List.of(cut(0, 10.66), cut(10.66, 31)), Segments.of(clip));
  }

  @Test
  void aSegmentIsSilentBelowSixtyDecibels() {
    float[] clip = new float[2 * SECOND];
    assertTrue(new Segment(0, clip.length).isSilent(clip));
    Arrays.fill(clip, 0.00099f);
    assertTrue(new Segment(0, clip.length).isSilent(clip));
    Arrays.fill(clip, clip.length - 10, clip.length, 0.01f);
    assertFalse(new Segment(5, clip.length).isSilent(clip), "the last frame is short");
    assertTrue(new Segment(5, clip.length - 10).isSilent(clip));
    assertThrows(
        IndexOutOfBoundsException.class, () -> new Segment(0, clip.length + 1).isSilent(clip));
  }

  @Test
  void aSegmentKnowsItsTime() {
    assertEquals(1.5, new Segment(24_000, 24_010).seconds());
    assertEquals(10, new Segment(24_000, 24_010).length());
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Segment(3, 3));
    assertThrows(IllegalArgumentException.class, () -> new Segment(-1, 3));
    var e =
        assertThrows(IllegalArgumentException.class, () -> Segments.of(new float[1], 2 * 895 - 1));
    assertEquals("a segment's limit must be at least 1790 samples, not 1789", e.getMessage());
  }

  private static Segment cut(double fromSeconds, double toSeconds) {
    return new Segment(
        (int) Math.round(fromSeconds * SECOND), (int) Math.round(toSeconds * SECOND));
  }

  /** A square wave, equally loud everywhere. */
  private static float[] noise(int length) {
    var clip = new float[length];
    for (int i = 0; i < length; i++) {
      clip[i] = i % 100 < 50 ? 0.3f : -0.3f;
    }
    return clip;
  }

  private static void pause(float[] clip, double second, double seconds) {
    int from = (int) Math.round(second * SECOND);
    Arrays.fill(clip, from, from + (int) Math.round(seconds * SECOND), 0);
  }
}
