package io.github.starling.attention;

import java.util.List;

/** What every kind of attention asks of its arguments. */
final class Checks {
  private Checks() {}

  static int topK(int topK) {
    if (topK < 1) {
      throw new IllegalArgumentException("there must be at least 1 top key, not " + topK);
    }
    return topK;
  }

  static void together(int heads) {
    if (heads < 1) {
      throw new IllegalArgumentException("a sequence has at least 1 head, not " + heads);
    }
  }

  /** A query's own position is that of its key. */
  static void selfAttention(List<Head> heads, String name) {
    for (int h = 0; h < heads.size(); h++) {
      int n = heads.get(h).query().rows();
      int m = heads.get(h).key().rows();
      if (n != m) {
        throw new IllegalArgumentException(
            "head %d has %d queries but %d keys; %s attention needs as many of each"
                .formatted(h, n, m, name));
      }
    }
  }

  static void call(List<Head> heads, double scale) {
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the scale must be positive and finite, not " + scale);
    }
    for (int i = 1; i < heads.size(); i++) {
      var head = heads.get(i);
      var first = heads.getFirst();
      if (head.query().columns() != first.query().columns()
          || head.value().columns() != first.value().columns()) {
        throw new IllegalArgumentException(
            "head %d has dk = %d, dv = %d but head 0 has dk = %d, dv = %d"
                .formatted(
                    i,
                    head.query().columns(),
                    head.value().columns(),
                    first.query().columns(),
                    first.value().columns()));
      }
    }
  }
}
