package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OracleTopKAttentionProperties {
  @Property
  void weightsSumToOneOverKKeys(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int m,
      @ForAll @IntRange(min = 1, max = 40) int k) {
    double[][] weights = OracleTopKAttention.weights(RandomHead.of(seed, 7, m, 5), k, 0.7);
    Rows.assertEachSumsToOne(weights);
    for (double[] row : weights) {
      int positive = 0;
      for (double weight : row) {
        positive += weight > 0 ? 1 : 0;
      }
      assertEquals(Math.min(k, m), positive);
    }
  }

  @Property
  void allKeysGiveFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int m,
      @ForAll @IntRange(min = 0, max = 3) int beyond) {
    var head = RandomHead.of(seed, 7, m, 5);
    Rows.assertClose(
        FullAttention.attend(head, 0.7), OracleTopKAttention.attend(head, m + beyond, 0.7));
  }

  /** Dropping the mass r of full attention and rescaling the rest moves the weights by 2r in L1. */
  @Property
  void noOtherKeysWouldBeNearerToFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int m,
      @ForAll @IntRange(min = 1, max = 30) int k) {
    var head = RandomHead.of(seed, 7, m, 5);
    double[][] full = FullAttention.weights(head, 0.7);
    double[][] oracle = OracleTopKAttention.weights(head, k, 0.7);
    for (int i = 0; i < full.length; i++) {
      double[] rising = full[i].clone();
      Arrays.sort(rising);
      double dropped = 0.0;
      for (int t = 0; t < m - k; t++) {
        dropped += rising[t];
      }
      assertEquals(2 * dropped, Rows.l1(oracle[i], full[i]), Rows.ROUNDING);
    }
  }
}
