package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImprovedClusteredAttentionTest {
  private static final int TOP_K = 20;

  private final Arena arena = Arena.ofAuto();
  private final RandomHeads random = new RandomHeads(arena, 5);

  private static float[][] attend(Attention attention, List<Head> heads) {
    try (var workers = new Workers(2)) {
      attention.attend(heads, 0.3, workers);
    }
    return heads.stream().flatMap(h -> Arrays.stream(h.output().toArray())).toArray(float[][]::new);
  }

  private static ImprovedClusteredAttention improved() {
    return new ImprovedClusteredAttention(ClusterOptions.of(3), TOP_K);
  }

  /** k keys are all on top: nothing is left to share. */
  @Test
  void upToTopKKeysItIsFullAttentionBitForBit() {
    var heads = List.of(random.head(50, TOP_K, 16, 16), random.head(7, 1, 16, 16));
    assertArrayEquals(attend(new FullAttention(), heads), attend(improved(), heads));
    var longer = List.of(random.head(50, TOP_K + 1, 16, 16));
    assertFalse(Arrays.deepEquals(attend(new FullAttention(), longer), attend(improved(), longer)));
  }

  @Test
  void aHeadComesOutTheSameInAnyCompany() {
    var heads =
        List.of(
            random.head(40, 90, 16, 16),
            random.head(12, 12, 16, 16),
            random.head(5, 0, 16, 16),
            random.head(60, 60, 16, 16),
            random.head(20, TOP_K, 16, 16));
    var attention = improved();
    float[][] together = attend(attention, heads);
    int row = 0;
    for (var head : heads) {
      for (float[] alone : attend(attention, List.of(head))) {
        assertArrayEquals(alone, together[row++]);
      }
    }
  }
}
