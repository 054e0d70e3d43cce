package io.github.starling.attention;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Settings of refined clustered attention by width and length, from fast to near, as measured.
 *
 * <p>Errors are means over layers of E5-small (width 32) and BERT-base (64), the queries, keys and
 * values of windows of 512 tokens joined for more; times are of one thread. {@code ./starling bench
 * --calibrate} writes them into {@link #RESOURCE}, which is read when something is first chosen.
 */
final class Ladder {
  /** Queries and keys below which exact attention is as fast. */
  static final int SHORTEST = 400;

  /** A rung that takes more of exact attention's time does not pay where heads must be redone. */
  private static final double MOST_TIME = 0.75;

  /** The file, beside this class. */
  static final String RESOURCE = "ladder.tsv";

  private static volatile List<Rung> measured;

  private Ladder() {}

  /**
   * Returns the fastest rung that is usually within an error, or null if exact attention is better.
   *
   * @param length the fewer of queries and keys
   * @param dk width of queries and keys
   */
  static Rung choose(int length, int dk, double maxError) {
    return length < SHORTEST ? null : choose(measured(), length, dk, maxError);
  }

  /**
   * Does the same with rungs of one's own.
   *
   * @param rungs in the order of {@link LadderFile}
   */
  static Rung choose(List<Rung> rungs, int length, int dk, double maxError) {
    int width = dk <= 48 ? 32 : 64;
    int nearest = nearestLength(rungs, length);
    for (var rung : rungs) {
      if (rung.width() == width
          && rung.length() == nearest
          && rung.error() <= maxError
          && rung.time() <= MOST_TIME) {
        return rung;
      }
    }
    return null;
  }

  /** Returns the measured length whose quotient with a length is nearest to 1. */
  private static int nearestLength(List<Rung> rungs, int length) {
    int nearest = rungs.getFirst().length();
    for (var rung : rungs) {
      if ((double) length / nearest > (double) rung.length() / length) {
        nearest = Math.max(nearest, rung.length());
      }
    }
    return nearest;
  }

  /** Returns the rungs of the resource. */
  static List<Rung> measured() {
    if (measured == null) { // two threads may both read it: the rungs are the same
      try (var in = Ladder.class.getResourceAsStream(RESOURCE)) {
        measured = LadderFile.read(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return measured;
  }
}
