package io.github.starling.attention;

/**
 * The keys that a query may attend to, relative to its own position.
 *
 * @param back keys before it, at most {@link #ALL}
 * @param ahead keys after it, at most {@link #ALL}
 * @param hidesOwn whether its own is not among them
 */
record Band(int back, int ahead, boolean hidesOwn) {
  /** More than there are positions, and no overflow when added to one. */
  static final int ALL = 1 << 30;

  /** Returns how many pairs of a query and a key the band has in a sequence. */
  double pairs(int n) {
    double b = Math.min(back, Math.max(0, n - 1));
    double a = Math.min(ahead, Math.max(0, n - 1));
    return n * (1 + b + a) - b * (b + 1) / 2 - a * (a + 1) / 2 - (hidesOwn ? n : 0);
  }
}
