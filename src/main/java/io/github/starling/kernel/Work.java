package io.github.starling.kernel;

/**
 * What an algorithm as it stands has to do, in whatever program: the counts behind a roofline.
 *
 * @param flops float32 operations, a multiplication and an addition each counted
 * @param popcounts words of 64 bits whose bits are counted
 * @param bytes read or written, each once however often it is used
 */
public record Work(double flops, double popcounts, double bytes) {
  /** Nothing to do. */
  public static final Work NONE = new Work(0, 0, 0);

  /** Returns the work of so many operations in registers. */
  public static Work flops(double count) {
    return new Work(count, 0, 0);
  }

  /** Returns the work of so many words in registers. */
  public static Work popcounts(double count) {
    return new Work(0, count, 0);
  }

  /** Returns the work of passing over so many floats. */
  public static Work floats(double count) {
    return new Work(0, 0, Float.BYTES * count);
  }

  /** Returns the work of a matrix product, (rows, depth) by (depth, columns). */
  public static Work product(double rows, double depth, double columns) {
    return flops(2 * rows * depth * columns)
        .and(floats(rows * depth + depth * columns + rows * columns));
  }

  /** Returns this and another piece of work. */
  public Work and(Work other) {
    return new Work(flops + other.flops, popcounts + other.popcounts, bytes + other.bytes);
  }
}
