package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReformerAttentionProperties {
  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void oneChunkOfAllGivesSharedAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 200) int n,
      @ForAll @IntRange(min = 0, max = 3) int beyond,
      @ForAll @IntRange(min = 1, max = 4) int rounds) {
    var head = new RandomHeads(arena, seed).head(n, n, 12, 9);
    attend(head, new ReformerOptions(rounds, n + beyond, seed));
    Agreement.assertClose(
        Kind.SHARED_QK.reference(head, null, 1, 0.4),
        head,
        (q, k, v) -> PlainFloat.masked(q, PlainFloat.unit(q), v, 0.4, (i, t) -> t != i || n == 1),
        "seed %d, n %d".formatted(seed, n));
  }

  /** The rounds of fewer are the first of more. */
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void moreRoundsShowNoKeyLess(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 120) int n,
      @ForAll @IntRange(min = 1, max = 20) int chunk) {
    var head =
        AttentionProperties.withIdentity(new RandomHeads(arena, seed).head(n, n, 5, 1), arena);
    attend(head, new ReformerOptions(1, chunk, seed));
    var first = head.output().toArray();
    attend(head, new ReformerOptions(3, chunk, seed));
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < n; t++) {
        boolean shown = first[i][t] > 0 && t != i;
        assertTrue(!shown || head.output().get(i, t) > 0, "query %d, key %d".formatted(i, t));
      }
    }
  }

  /** Kitaev et al. show that more rounds come nearer to shared attention. */
  @Example
  void roundsBringItNearerToSharedAttention() {
    var head = new RandomHeads(arena, 3).head(600, 600, 16, 16, 2);
    double[][] shared = Kind.SHARED_QK.reference(head, null, 1, 0.4);
    double before = Double.POSITIVE_INFINITY;
    for (int rounds : new int[] {1, 4, 16}) {
      attend(head, new ReformerOptions(rounds, 32, 1));
      double error = squares(shared, head.output().toArray());
      assertTrue(error < 0.8 * before, rounds + " rounds: " + error + " after " + before);
      before = error;
    }
    attend(head, new ReformerOptions(1, 600, 1));
    assertEquals(0, squares(shared, head.output().toArray()), 1e-6);
  }

  private static double squares(double[][] exact, float[][] output) {
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int d = 0; d < exact[i].length; d++) {
        sum += Math.pow(exact[i][d] - output[i][d], 2);
      }
    }
    return sum;
  }

  private void attend(Head head, ReformerOptions options) {
    new ReformerAttention(options).attend(List.of(head), 0.4, one);
  }
}
