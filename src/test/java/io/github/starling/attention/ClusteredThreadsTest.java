package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import io.github.starling.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither threads nor neighbours nor padding change a bit. */
class ClusteredThreadsTest {
  private static final ClusterOptions OPTIONS = new ClusterOptions(70, 40, 6, true, 3, null, null);
  private static final int K = 9;
  private static final double SCALE = 0.3;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  /** Lengths of 14 heads; with few heads threads share each, with 14 each thread takes whole. */
  private static final int[] LENGTHS = {800, 1, 0, 433, 69, 71, 6, 385, 70, 140, 1600, 97, 13, 2};

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 14})
  void threadsAndNeighboursChangeNoBit(int count) {
    var heads = heads(count);
    var alone = new ArrayList<float[][]>();
    var traces = new HeadTrace[count];
    for (int h = 0; h < count; h++) {
      int index = h;
      new ImprovedClusteredAttention(OPTIONS, K)
          .attend(List.of(heads.get(h)), SCALE, one, (zero, trace) -> traces[index] = trace);
      alone.add(heads.get(h).output().toArray());
    }
    for (int threads : new int[] {1, 2, 7}) {
      try (var workers = new Workers(threads)) {
        var attention = new ImprovedClusteredAttention(OPTIONS, K);
        for (int call = 0; call < 2; call++) {
          fill(heads, Float.NaN);
          var others = new HeadTrace[count];
          attention.attend(heads, SCALE, workers, (h, trace) -> others[h] = trace);
          for (int h = 0; h < count; h++) {
            String what = "head %d, %d threads, call %d".formatted(h, threads, call);
            assertArrayEquals(alone.get(h), heads.get(h).output().toArray(), what);
            assertSame(traces[h], others[h], what);
          }
        }
      }
    }
  }

  @Test
  void anInstanceMayBeGivenOtherWorkersAndShapes() {
    var heads = heads(5);
    var attention = new ImprovedClusteredAttention(OPTIONS, K);
    var wide = new RandomHeads(arena, 9).head(50, 40, 17, 3);
    attention.attend(heads, SCALE, one);
    var expected = heads.getFirst().output().toArray();
    try (var three = new Workers(3)) {
      attention.attend(heads, SCALE, three);
      assertArrayEquals(expected, heads.getFirst().output().toArray());
      attention.attend(List.of(wide), SCALE, three);
      var first = wide.output().toArray();
      new ImprovedClusteredAttention(OPTIONS, K).attend(List.of(wide), SCALE, one);
      assertArrayEquals(first, wide.output().toArray());
      attention.attend(heads, SCALE, one);
      assertArrayEquals(expected, heads.getFirst().output().toArray());
    }
  }

  @ParameterizedTest
  @EnumSource
  void paddingIsInertAndPaddedRowsAreZeros(Kind kind) {
    int[] n = {40, 17, 0, 23, 40};
    int[] m = kind.isSelf() ? n : new int[] {31, 29, 5, 0, 33};
    var query = padded(40, 8, n, 1);
    var key = padded(40, 8, m, 2);
    var value = padded(40, 6, m, 3);
    var output = padded(40, 6, new int[5], 4);
    var lengths = new Head.Lengths(n, m);
    try (var workers = new Workers(3)) {
      kind.create(OPTIONS, K).attend(Head.of(query, key, value, output, lengths), SCALE, workers);
    }
    for (int b = 0; b < 5; b++) {
      for (int h = 0; h < 2; h++) {
        var out = Matrix.allocate(arena, n[b], 6);
        var alone =
            new Head(
                query.head(b, h).rows(0, n[b]),
                key.head(b, h).rows(0, m[b]),
                value.head(b, h).rows(0, m[b]),
                out);
        kind.create(OPTIONS, K).attend(List.of(alone), SCALE, one);
        String what = "sequence %d, head %d".formatted(b, h);
        assertArrayEquals(out.toArray(), output.head(b, h).rows(0, n[b]).toArray(), what);
        for (int i = m[b] == 0 ? 0 : n[b]; i < 40; i++) {
          for (int d = 0; d < 6; d++) {
            assertEquals(0, Float.floatToRawIntBits(output.head(b, h).get(i, d)), what);
          }
        }
      }
    }
  }

  /** A batch of 5 sequences of 2 heads with NaN at the padded positions. */
  private Tensor padded(int length, int width, int[] valid, long seed) {
    var random = new Random(seed);
    var tensor = Tensor.allocate(arena, 5, 2, length, width);
    for (int b = 0; b < 5; b++) {
      for (int h = 0; h < 2; h++) {
        for (int i = 0; i < length; i++) {
          for (int d = 0; d < width; d++) {
            tensor.head(b, h).set(i, d, i < valid[b] ? (float) random.nextGaussian() : Float.NaN);
          }
        }
      }
    }
    return tensor;
  }

  private List<Head> heads(int count) {
    var random = new RandomHeads(arena, 4);
    var heads = new ArrayList<Head>();
    for (int h = 0; h < count; h++) {
      heads.add(random.head(LENGTHS[h], 2 * LENGTHS[h] + 1, 20, 12));
    }
    return heads;
  }

  private static void fill(List<Head> heads, float value) {
    for (var head : heads) {
      for (int i = 0; i < head.output().rows(); i++) {
        for (int d = 0; d < head.output().columns(); d++) {
          head.output().set(i, d, value);
        }
      }
    }
  }

  private static void assertSame(HeadTrace expected, HeadTrace actual, String what) {
    if (expected == null) {
      assertNull(actual, what);
      return;
    }
    assertArrayEquals(expected.signatures(), actual.signatures(), what);
    assertArrayEquals(expected.assignment(), actual.assignment(), what);
    assertArrayEquals(expected.counts(), actual.counts(), what);
    assertArrayEquals(expected.centroidSignatures(), actual.centroidSignatures(), what);
    assertArrayEquals(expected.centroids(), actual.centroids(), what);
    assertArrayEquals(expected.centroidOutput(), actual.centroidOutput(), what);
    assertArrayEquals(expected.topKeys(), actual.topKeys(), what);
    assertArrayEquals(expected.topMass(), actual.topMass(), what);
  }
}
