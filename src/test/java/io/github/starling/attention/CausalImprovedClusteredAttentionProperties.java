package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CausalImprovedClusteredAttentionProperties {
  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void noWeightFallsOnALaterKey(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 9) int c,
      @ForAll @IntRange(min = 1, max = 40) int k) {
    var head =
        AttentionProperties.withIdentity(new RandomHeads(arena, seed).head(n, n, 5, 1), arena);
    attend(head, c, k);
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int t = 0; t < n; t++) {
        float weight = head.output().get(i, t);
        sum += weight;
        if (t > i) {
          assertEquals(0f, weight, "query %d, key %d".formatted(i, t));
        }
      }
      assertEquals(1, sum, 1e-5, "query " + i);
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void allKeysOnTopGiveCausalAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 90) int n,
      @ForAll @IntRange(min = 1, max = 9) int c,
      @ForAll @IntRange(min = 0, max = 3) int beyond) {
    var head = new RandomHeads(arena, seed).head(n, n, 12, 9);
    attend(head, c, n + beyond);
    assertCausal(head, "seed %d, n %d".formatted(seed, n));
  }

  /** One top key, and it is the last: every other query has none before it. */
  @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
  void withoutAnEarlierTopKeyItIsExact(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int n) {
    var head = new RandomHeads(arena, seed).head(n, n, 12, 9);
    for (int i = 0; i < n; i++) {
      head.query().set(i, 0, 5);
      head.key().set(i, 0, 0);
    }
    head.key().set(n - 1, 0, 100); // nearly all of the last query's weight too
    attend(head, 3, 1);
    assertCausal(head, "seed %d, n %d".formatted(seed, n));
  }

  private void assertCausal(Head head, String what) {
    Agreement.assertClose(
        Kind.CAUSAL.reference(head, null, 1, 0.4),
        head,
        (q, k, v) -> PlainFloat.masked(q, k, v, 0.4, (i, t) -> t <= i),
        what);
  }

  private void attend(Head head, int clusters, int k) {
    new CausalImprovedClusteredAttention(AttentionProperties.options(clusters, 1), k)
        .attend(List.of(head), 0.4, one);
  }
}
