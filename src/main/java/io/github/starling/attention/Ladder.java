package io.github.starling.attention;

import java.util.List;

/**
 * Settings of refined clustered attention by width and length, from fast to near, as measured.
 *
 * <p>Errors are means over layers of E5-small (width 32) and BERT-base (64) that read a novel, the
 * queries, keys and values of windows of 512 tokens joined for more; times are of one thread of an
 * AMD EPYC with 256-bit vectors.
 */
final class Ladder {
  /** Queries and keys below which exact attention is as fast. */
  static final int SHORTEST = 400;

  /** A rung that takes more of exact attention's time does not pay where heads must be redone. */
  private static final double MOST_TIME = 0.75;

  private static final int WINDOW = 8;

  /** From fast to near within a width and length; lengths grow. */
  private static final List<Rung> RUNGS =
      List.of(
          //   dk   n    C   b   error time
          rung(32, 512, 15, 20, 0.199, 0.470),
          rung(32, 512, 20, 30, 0.163, 0.534),
          rung(32, 512, 30, 40, 0.131, 0.647),
          rung(32, 512, 30, 64, 0.102, 0.727),
          rung(32, 512, 35, 80, 0.086, 0.831),
          rung(32, 512, 40, 96, 0.074, 0.972),
          rung(32, 512, 45, 96, 0.072, 0.994),
          rung(32, 1024, 30, 32, 0.222, 0.287),
          rung(32, 1024, 40, 48, 0.176, 0.342),
          rung(32, 1024, 50, 64, 0.143, 0.406),
          rung(32, 1024, 50, 96, 0.118, 0.455),
          rung(32, 1024, 70, 128, 0.092, 0.599),
          rung(32, 2048, 50, 48, 0.226, 0.173),
          rung(32, 2048, 70, 72, 0.179, 0.218),
          rung(32, 2048, 100, 100, 0.141, 0.291),
          rung(32, 2048, 100, 160, 0.115, 0.345),
          rung(32, 2048, 150, 200, 0.095, 0.486),
          rung(32, 4096, 100, 64, 0.209, 0.143),
          rung(32, 4096, 100, 128, 0.164, 0.183),
          rung(32, 4096, 150, 192, 0.130, 0.268),
          rung(32, 4096, 200, 256, 0.110, 0.326),
          rung(32, 4096, 200, 400, 0.092, 0.383),
          rung(32, 8192, 150, 128, 0.228, 0.099),
          rung(32, 8192, 200, 256, 0.158, 0.144),
          rung(32, 8192, 200, 400, 0.131, 0.181),
          rung(32, 8192, 300, 512, 0.098, 0.284),
          rung(32, 16384, 200, 256, 0.179, 0.070),
          rung(32, 16384, 300, 512, 0.127, 0.117),
          rung(32, 16384, 300, 800, 0.106, 0.144),
          rung(32, 16384, 400, 1024, 0.091, 0.200),
          rung(64, 512, 15, 20, 0.228, 0.406),
          rung(64, 512, 20, 30, 0.184, 0.468),
          rung(64, 512, 30, 40, 0.140, 0.562),
          rung(64, 512, 30, 64, 0.106, 0.649),
          rung(64, 512, 35, 80, 0.086, 0.759),
          rung(64, 512, 40, 96, 0.072, 0.881),
          rung(64, 512, 45, 96, 0.069, 0.912),
          rung(64, 1024, 30, 32, 0.279, 0.248),
          rung(64, 1024, 40, 48, 0.204, 0.303),
          rung(64, 1024, 50, 64, 0.159, 0.363),
          rung(64, 1024, 50, 96, 0.131, 0.428),
          rung(64, 1024, 70, 128, 0.097, 0.569),
          rung(64, 2048, 50, 48, 0.288, 0.178),
          rung(64, 2048, 70, 72, 0.214, 0.223),
          rung(64, 2048, 100, 100, 0.163, 0.318),
          rung(64, 2048, 100, 160, 0.131, 0.377),
          rung(64, 2048, 150, 200, 0.104, 0.506),
          rung(64, 4096, 100, 64, 0.305, 0.103),
          rung(64, 4096, 100, 128, 0.228, 0.130),
          rung(64, 4096, 150, 192, 0.170, 0.190),
          rung(64, 4096, 200, 256, 0.139, 0.264),
          rung(64, 4096, 200, 400, 0.112, 0.336),
          rung(64, 8192, 150, 128, 0.233, 0.105),
          rung(64, 8192, 200, 256, 0.160, 0.153),
          rung(64, 8192, 200, 400, 0.132, 0.192),
          rung(64, 8192, 300, 512, 0.109, 0.205),
          rung(64, 16384, 200, 256, 0.212, 0.078),
          rung(64, 16384, 300, 512, 0.153, 0.113),
          rung(64, 16384, 300, 800, 0.127, 0.144),
          rung(64, 16384, 400, 1024, 0.110, 0.200));

  private Ladder() {}

  /**
   * Returns the fastest rung that is usually within an error, or null if exact attention is better.
   *
   * @param length the fewer of queries and keys
   * @param dk width of queries and keys
   */
  static Rung choose(int length, int dk, double maxError) {
    if (length < SHORTEST) {
      return null;
    }
    int width = dk <= 48 ? 32 : 64;
    int nearest = nearestLength(length);
    for (var rung : RUNGS) {
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
  private static int nearestLength(int length) {
    int nearest = RUNGS.getFirst().length();
    for (var rung : RUNGS) {
      if ((double) length / nearest > (double) rung.length() / length) {
        nearest = Math.max(nearest, rung.length());
      }
    }
    return nearest;
  }

  private static Rung rung(int dk, int n, int clusters, int exactKeys, double error, double time) {
    return new Rung(dk, n, new RefinedOptions(clusters, exactKeys, WINDOW), error, time);
  }
}
