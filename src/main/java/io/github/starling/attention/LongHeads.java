package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Clustered attention of the heads that are long enough for it, exact attention of the others. */
final class LongHeads {
  private final Predicate<Head> isShort;
  private final Clustered clustered;
  private final FullAttention full = new FullAttention();

  // of a call, kept so that the next allocates nothing
  private final List<Head> shortHeads = new ArrayList<>();
  private final List<Head> longHeads = new ArrayList<>();

  /** Attends to heads by clusters. */
  @FunctionalInterface
  interface Clustered {
    void attend(List<Head> heads, double scale, Workers workers);
  }

  LongHeads(Predicate<Head> isShort, Clustered clustered) {
    this.isShort = isShort;
    this.clustered = clustered;
  }

  /** Attends to all heads in one call. */
  void attend(List<Head> heads, double scale, Workers workers) {
    attendEach(heads, Math.max(1, heads.size()), scale, workers);
  }

  /** Attends by clusters in a call for each sequence, as {@link Attention#attendEach}. */
  synchronized void attendEach(List<Head> heads, int together, double scale, Workers workers) {
    Checks.call(heads, scale);
    Checks.together(together);
    shortHeads.clear();
    longHeads.clear();
    for (int h = 0; h < heads.size(); h++) {
      (isShort.test(heads.get(h)) ? shortHeads : longHeads).add(heads.get(h));
      if ((h + 1) % together == 0 || h + 1 == heads.size()) {
        clustered.attend(longHeads, scale, workers);
        longHeads.clear();
      }
    }
    full.attend(shortHeads, scale, workers);
  }
}
