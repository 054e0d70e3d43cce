package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all kinds have in common where a query's own position matters. */
class SelfAttentionTest {
  private static final ClusterOptions OPTIONS = ClusterOptions.of(9);
  private static final int K = 40;
  private static final double SCALE = 0.3;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  static Stream<Kind> kinds() {
    return Arrays.stream(Kind.values()).filter(Kind::isSelf);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void threadsAndNeighboursChangeNoBit(Kind kind) {
    var random = new RandomHeads(arena, 4);
    var heads = new ArrayList<Head>();
    for (int n : new int[] {800, 1, 0, 433, 2, 385, 7}) {
      heads.add(random.head(n, n, 20, 12));
    }
    var alone = new ArrayList<float[][]>();
    for (var head : heads) {
      kind.create(OPTIONS, K).attend(List.of(head), SCALE, one);
      alone.add(head.output().toArray());
    }
    var attention = kind.create(OPTIONS, K);
    for (int threads : new int[] {1, 2, 7}) {
      heads.forEach(head -> head.output().clear());
      try (var workers = new Workers(threads)) {
        attention.attend(heads, SCALE, workers);
      }
      for (int h = 0; h < heads.size(); h++) {
        String what = "head %d, %d threads".formatted(h, threads);
        assertArrayEquals(alone.get(h), heads.get(h).output().toArray(), what);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anInstanceMayBeGivenOtherShapes(Kind kind) {
    var random = new RandomHeads(arena, 5);
    var attention = kind.create(OPTIONS, K);
    for (int[] shape : new int[][] {{50, 8, 8}, {300, 8, 8}, {70, 17, 3}, {20, 17, 30}}) {
      var head = random.head(shape[0], shape[0], shape[1], shape[2]);
      attention.attend(List.of(head), SCALE, one);
      var first = head.output().toArray();
      kind.create(OPTIONS, K).attend(List.of(head), SCALE, one);
      assertArrayEquals(head.output().toArray(), first, Arrays.toString(shape));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refusesAnotherNumberOfKeysThanQueries(Kind kind) {
    var random = new RandomHeads(arena, 6);
    var heads = List.of(random.head(5, 5, 4, 4), random.head(5, 6, 4, 4));
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> kind.create(OPTIONS, K).attend(heads, SCALE, one));
    assertTrue(e.getMessage().startsWith("head 1 has 5 queries but 6 keys; "), e.getMessage());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noHeadIsNoWork(Kind kind) {
    kind.create(OPTIONS, K).attend(List.of(), SCALE, one);
  }
}
