package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that share one budget of exact keys. */
class RefinedHeadsTest {
  private static final RefinedOptions OPTIONS = new RefinedOptions(7, 12, 4);
  private static final double SCALE = 0.3;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  private List<Head> heads(int count, long seed) {
    var heads = new ArrayList<Head>();
    for (int h = 0; h < count; h++) {
      heads.add(new RandomHeads(arena, seed + h).head(60 + 37 * h, 50 + 41 * h, 9, 6));
    }
    return heads;
  }

  private static List<float[][]> outputs(List<Head> heads) {
    return heads.stream().map(head -> head.output().toArray()).toList();
  }

  private static void assertSame(List<float[][]> expected, List<Head> heads, String what) {
    for (int h = 0; h < heads.size(); h++) {
      assertArrayEquals(expected.get(h), heads.get(h).output().toArray(), what + ", head " + h);
    }
  }

  private List<float[][]> attend(List<Head> heads) {
    new RefinedClusteredAttention(OPTIONS).attend(heads, SCALE, one);
    return outputs(heads);
  }

  /** Of five heads two threads share each, of 4 and 16 each takes whole ones. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 16})
  void theBitsDependOnNeitherThreadsNorEarlierCalls(int count) {
    var heads = heads(count, 1);
    var expected = attend(heads);
    for (int threads : new int[] {1, 2, 7}) {
      try (var workers = new Workers(threads)) {
        var attention = new RefinedClusteredAttention(OPTIONS);
        attention.attend(heads(count + 1, 50), SCALE, workers);
        heads.forEach(head -> head.output().clear());
        attention.attend(heads, SCALE, workers);
        assertSame(expected, heads, threads + " threads");
        attention.attend(heads, SCALE, one);
        assertSame(expected, heads, "one thread after " + threads);
      }
    }
  }

  @Test
  void sequencesDoNotDependOnEachOther() {
    var first = heads(3, 1);
    var second = heads(3, 20);
    var third = heads(2, 40);
    var all = new ArrayList<Head>();
    List.of(first, second, third).forEach(all::addAll);
    var expected = new ArrayList<float[][]>();
    List.of(first, second, third).forEach(sequence -> expected.addAll(attend(sequence)));
    all.forEach(head -> head.output().clear());
    new RefinedClusteredAttention(OPTIONS).attendEach(all, 3, SCALE, one);
    assertSame(expected, all, "together");
  }

  @Test
  void aSequenceHasHeads() {
    for (var attention :
        List.of(
            new RefinedClusteredAttention(OPTIONS),
            new AutomaticAttention(),
            new FullAttention())) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> attention.attendEach(heads(2, 1), 0, SCALE, one));
      assertEquals("a sequence has at least 1 head, not 0", e.getMessage());
    }
  }

  @Test
  void withoutASharedBudgetEveryHeadIsOnItsOwn() {
    var heads = heads(3, 1);
    var expected = new ArrayList<float[][]>();
    heads.forEach(head -> expected.addAll(attend(List.of(head))));
    RefinedClusteredAttention.without(RefinedIngredient.SHARED_BUDGET, OPTIONS)
        .attend(heads, SCALE, one);
    assertSame(expected, heads, "without a shared budget");
  }

  @Test
  void headsTooLargeToBeKeptTogetherShareInEqualParts() {
    var heads = heads(6, 1);
    var expected = new ArrayList<float[][]>();
    for (int from = 0; from < 6; from += 2) {
      expected.addAll(attend(heads.subList(from, from + 2)));
    }
    long floats = 0;
    for (var head : heads) {
      floats += head.key().rows() * (9L + 6 + OPTIONS.clusters());
    }
    for (long most : new long[] {(floats + 2) / 3, floats / 2 - 1}) {
      var traces = new RefinedTrace[6];
      new RefinedHeads(OPTIONS, null, most).attend(heads, SCALE, one, traces);
      assertSame(expected, heads, "of " + floats + ", " + most);
      for (int h = 0; h < 6; h++) {
        assertEquals(heads.get(h).query().rows(), traces[h].assignment().length);
      }
    }
    expected.clear();
    heads.forEach(head -> expected.addAll(attend(List.of(head))));
    new RefinedHeads(OPTIONS, null, 1).attend(heads, SCALE, one, null);
    assertSame(expected, heads, "each too large");
  }

  /** Where all members are their centroid, exact keys mend nothing. */
  @Test
  void headsWithMoreToMendGetMore() {
    var easy = new RandomHeads(arena, 1).head(64, 64, 9, 6);
    for (int i = 1; i < 64; i++) {
      easy.query().copyRow(0, easy.query(), i);
    }
    var hard = new RandomHeads(arena, 2).head(64, 64, 9, 6);
    var traces = new RefinedTrace[2];
    new RefinedClusteredAttention(OPTIONS).attend(List.of(easy, hard), SCALE, one, traces);
    long budget = 64L * OPTIONS.exactKeys();
    assertTrue(cost(traces[0]) == 0, "the easy head has " + cost(traces[0]));
    assertTrue(cost(traces[1]) > 1.9 * budget, "the hard head has " + cost(traces[1]));
  }

  /** All of their keys tie: the first gets what is left at the edge, and nothing is spent twice. */
  @Test
  void equalHeadsShareWithoutSpendingTwice() {
    var head = new RandomHeads(arena, 1).head(64, 64, 9, 6);
    for (int b = 1; b < 20; b++) {
      var traces = new RefinedTrace[3];
      new RefinedClusteredAttention(new RefinedOptions(7, b, 4))
          .attend(List.of(head, head, head), SCALE, one, traces);
      long[] costs = Arrays.stream(traces).mapToLong(RefinedHeadsTest::cost).toArray();
      String what = b + " keys: " + Arrays.toString(costs);
      assertTrue(costs[0] + costs[1] + costs[2] <= 3L * 64 * b, what);
      assertTrue(costs[0] >= costs[1] && costs[1] >= costs[2], what);
    }
  }

  private static long cost(RefinedTrace trace) {
    return Arrays.stream(trace.assignment()).mapToLong(c -> trace.exactKeys()[c].length).sum();
  }
}
