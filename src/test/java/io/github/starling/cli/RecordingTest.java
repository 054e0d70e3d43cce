package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.speech.Segment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {
  private static final int SECOND = 16_000;

  /** Four seconds; that from the second on is silent. */
  private static Recording recording() {
    var samples = new float[4 * SECOND];
    Arrays.fill(samples, 0, SECOND, 0.1f);
    Arrays.fill(samples, 3 * SECOND, 4 * SECOND, 0.1f);
    return new Recording("a.wav", samples);
  }

  @Test
  void silentPiecesAreLeftOutAndTheOthersKeepTheirPlace() {
    var segments = recording().segments(SECOND);
    assertEquals(0, segments.getFirst().from());
    assertEquals(4 * SECOND, segments.getLast().to());
    for (var segment : segments) {
      boolean isHeard = segment.from() < SECOND || segment.to() > 3 * SECOND;
      assertTrue(isHeard, segment.toString());
    }
    int covered = segments.stream().mapToInt(Segment::length).sum();
    assertTrue(covered < 4 * SECOND, segments.toString());
  }

  @Test
  void withoutALimitItIsOnePieceEvenIfItIsSilent() {
    assertEquals(List.of(new Segment(0, 4 * SECOND)), recording().segments(0));
    var silent = new Recording("b.wav", new float[SECOND]);
    assertEquals(List.of(new Segment(0, SECOND)), silent.segments(0));
    assertEquals(List.of(), silent.segments(30 * SECOND));
  }

  @Test
  void itsSamplesAreItsTime() {
    assertEquals(4, recording().seconds());
    assertEquals(0.5, new Recording("c.wav", new float[SECOND / 2]).seconds());
  }
}
