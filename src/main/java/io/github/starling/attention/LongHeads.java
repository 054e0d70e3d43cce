package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Clustered attention of the heads that are long enough for it, exact attention of the others. */
final class LongHeads {
  private final Predicate<Head> isShort;
  private final SharedHeads clustered;
  private final FullAttention full = new FullAttention();

  // of a call, kept so that the next allocates nothing
  private final List<Head> shortHeads = new ArrayList<>();
  private final List<Head> longHeads = new ArrayList<>();

  LongHeads(Predicate<Head> isShort, SharedHeads clustered) {
    this.isShort = isShort;
    this.clustered = clustered;
  }

  synchronized void attend(List<Head> heads, double scale, Workers workers) {
    Checks.call(heads, scale);
    shortHeads.clear();
    longHeads.clear();
    for (int h = 0; h < heads.size(); h++) {
      (isShort.test(heads.get(h)) ? shortHeads : longHeads).add(heads.get(h));
    }
    full.attend(shortHeads, scale, workers);
    clustered.attend(longHeads, scale, workers, null);
  }
}
