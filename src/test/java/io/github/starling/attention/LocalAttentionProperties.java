package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What a query does not see does not touch it; what it sees is weighed as ever. */
class LocalAttentionProperties {
  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void aWindowOfAllKeysGivesFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 200) int n,
      @ForAll @IntRange(min = 0, max = 3) int beyond) {
    var head = new RandomHeads(arena, seed).head(n, n, 12, 9);
    new LocalAttention(2 * n - 1 + beyond).attend(List.of(head), 0.4, one);
    Agreement.assertClose(
        Kind.FULL.reference(head, null, 1, 0.4),
        head,
        (q, k, v) -> PlainFloat.full(q, k, v, 0.4),
        "seed %d, n %d".formatted(seed, n));
  }

  /** Infinities and NaN included. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void keysAndValuesOutOfSightChangeNoBit(
      @ForAll boolean causal,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int n,
      @ForAll @IntRange(min = 0, max = 299) int position,
      @ForAll @IntRange(min = 1, max = 90) int window,
      @ForAll float stranger) {
    var head = new RandomHeads(arena, seed).head(n, n, 12, 9);
    var attention = causal ? new CausalAttention() : new LocalAttention(window);
    attention.attend(List.of(head), 0.4, one);
    var before = head.output().toArray();
    int t = position % n;
    head.key().set(t, 3, stranger);
    head.value().set(t, 4, seed % 2 == 0 ? Float.NaN : Float.POSITIVE_INFINITY);
    attention.attend(List.of(head), 0.4, one);
    for (int i = 0; i < n; i++) {
      boolean sees = causal ? t <= i : Math.abs(i - t) <= window / 2;
      float[] after = head.output().toArray()[i];
      if (!sees) {
        assertArrayEquals(before[i], after, "row %d does not see %d".formatted(i, t));
      } else if (Math.abs(stranger) < 1) { // else its weight may be 0
        assertTrue(!Float.isFinite(after[4]), "row %d sees %d".formatted(i, t));
      }
    }
  }
}
