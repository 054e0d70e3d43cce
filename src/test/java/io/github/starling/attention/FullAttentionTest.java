package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FullAttentionTest {
  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @Test
  void equalsTheReferenceAtAwkwardShapes() {
    int[] lengths = {1, 2, 5, 6, 7, 15, 16, 17, 63, 64, 65, 127, 128, 129, 389};
    int[] widths = {1, 3, 4, 8, 15, 16, 17, 32, 64, 65, 127};
    var heads = new RandomHeads(arena, 1);
    for (int i = 0; i < lengths.length; i++) {
      for (int j = 0; j < widths.length; j++) {
        int m = lengths[(i + j) % lengths.length];
        check(heads.head(lengths[i], m, widths[j], widths[(i + j) % widths.length]));
      }
    }
  }

  @Test
  void equalsTheReferenceWhenScoresAreHuge() {
    var heads = new RandomHeads(arena, 2);
    for (double spread : new double[] {1e-3, 3, 10, 100}) {
      check(heads.head(37, 300, 24, 20, spread));
    }
  }

  @Test
  void aHeadWithoutKeysGivesZeros() {
    var head = new RandomHeads(arena, 3).head(3, 0, 4, 5);
    head.output().set(1, 2, 7f);
    attend(head, one);
    assertArrayEquals(new float[3][5], head.output().toArray());
  }

  @Test
  void noQueriesIsNoWork() {
    attend(new RandomHeads(arena, 3).head(0, 5, 4, 5), one);
  }

  @Test
  void threadsAndNeighboursChangeNoBit() {
    var heads = new RandomHeads(arena, 4);
    var all = new ArrayList<Head>();
    for (int n : new int[] {800, 1, 0, 433, 385}) {
      all.add(heads.head(n, 2 * n + 1, 20, 12));
    }
    var expected = new ArrayList<float[][]>();
    for (var head : all) {
      attend(head, one);
      expected.add(head.output().toArray());
    }
    for (int threads : new int[] {1, 2, 7}) {
      all.forEach(head -> head.output().clear());
      try (var workers = new Workers(threads)) {
        new FullAttention().attend(all, 0.3, workers);
      }
      for (int h = 0; h < all.size(); h++) {
        assertArrayEquals(expected.get(h), all.get(h).output().toArray(), threads + " threads");
      }
    }
  }

  @Test
  void aNaNQuerySpoilsItsOwnRowOnly() {
    var heads = new RandomHeads(arena, 5);
    var head = heads.head(20, 30, 8, 8);
    attend(head, one);
    var clean = head.output().toArray();
    head.query().set(7, 3, Float.NaN);
    head.query().set(11, 0, Float.POSITIVE_INFINITY);
    attend(head, one);
    var spoilt = head.output().toArray();
    for (int i = 0; i < 20; i++) {
      for (int d = 0; d < 8; d++) {
        if (i == 7 || i == 11) {
          assertTrue(Float.isNaN(spoilt[i][d]), "row " + i);
        } else {
          // The neighbours of a spoilt row may be shifted by another constant: equal but for
          // rounding.
          assertEquals(clean[i][d], spoilt[i][d], 1e-6, "row " + i);
        }
      }
    }
  }

  @Test
  void aNaNKeySpoilsEveryRow() {
    var head = new RandomHeads(arena, 6).head(9, 140, 8, 8);
    head.key().set(133, 2, Float.NaN);
    attend(head, one);
    for (var row : head.output().toArray()) {
      for (float x : row) {
        assertTrue(Float.isNaN(x));
      }
    }
  }

  @Test
  void refusesAScaleThatIsNotPositive() {
    var head = new RandomHeads(arena, 7).head(2, 2, 2, 2);
    for (double scale : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> new FullAttention().attend(List.of(head), scale, one));
      assertTrue(e.getMessage().contains("scale"), e.getMessage());
    }
  }

  @Test
  void refusesHeadsOfDifferentWidths() {
    var heads = new RandomHeads(arena, 8);
    var pair = List.of(heads.head(2, 2, 4, 4), heads.head(2, 2, 5, 4));
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> new FullAttention().attend(pair, 1, one));
    assertEquals("head 1 has dk = 5, dv = 4 but head 0 has dk = 4, dv = 4", e.getMessage());
  }

  private void check(Head head) {
    double scale = Attention.usualScale(head.query().columns());
    new FullAttention().attend(List.of(head), scale, one);
    var reference = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
    Agreement.assertClose(
        io.github.starling.reference.FullAttention.attend(reference, scale),
        head,
        (q, k, v) -> PlainFloat.full(q, k, v, scale),
        "queries %s, values %s".formatted(head.query().shape(), head.value().shape()));
  }

  private static void attend(Head head, Workers workers) {
    new FullAttention().attend(List.of(head), 0.3, workers);
  }
}
