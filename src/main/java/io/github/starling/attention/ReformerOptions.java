package io.github.starling.attention;

/**
 * How LSH attention hashes and cuts.
 *
 * @param rounds R of hashing, ≥ 1
 * @param chunk positions of a chunk, 1 to 65,536
 * @param seed of the random directions
 */
public record ReformerOptions(int rounds, int chunk, long seed) {
  /** The longest chunk. */
  public static final int MAX_CHUNK = 1 << 16;

  /** Four rounds and chunks of 32. */
  public static final ReformerOptions USUAL = new ReformerOptions(4, 32, 0);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ReformerOptions {
    if (rounds < 1) {
      throw new IllegalArgumentException("there must be at least 1 round, not " + rounds);
    }
    if (chunk < 1 || chunk > MAX_CHUNK) {
      throw new IllegalArgumentException(
          "a chunk has 1 to %d positions, not %d".formatted(MAX_CHUNK, chunk));
    }
  }
}
