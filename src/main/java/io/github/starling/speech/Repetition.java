package io.github.starling.speech;

/**
 * Finds out when a model has begun to repeat itself without end.
 *
 * <p>Greedy generation can fall into a loop that no end token leaves. A run of tokens counts as one
 * when it is a unit of at most {@value #LONGEST} tokens, {@value #TIMES} times or more, and at
 * least {@value #FEWEST} tokens in all: people do say things twice or thrice.
 */
final class Repetition {
  private static final int LONGEST = 64;
  private static final int TIMES = 4;
  private static final int FEWEST = 24;

  private Repetition() {}

  /**
   * Returns how many tokens come before the first repetition of the unit that they end in, or −1 if
   * they end in no loop.
   *
   * @param tokens of which the first {@code count} are there
   */
  static int tokensBefore(int[] tokens, int count) {
    for (int unit = 1; unit <= LONGEST && unit * TIMES <= count; unit++) {
      int repeated = Math.max(TIMES, Math.ceilDiv(FEWEST, unit)) * unit - unit;
      if (unit + repeated <= count && repeats(tokens, count, unit, repeated)) {
        return count - repeated;
      }
    }
    return -1;
  }

  /** Tells whether the last tokens are those a unit before. */
  private static boolean repeats(int[] tokens, int count, int unit, int repeated) {
    for (int i = count - repeated; i < count; i++) {
      if (tokens[i] != tokens[i - unit]) {
        return false;
      }
    }
    return true;
  }
}
