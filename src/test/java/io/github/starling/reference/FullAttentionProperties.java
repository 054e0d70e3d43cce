package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class FullAttentionProperties {
  @Property
  void weightsSumToOne(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int m,
      @ForAll @IntRange(min = 1, max = 20) int dk,
      @ForAll @DoubleRange(min = 0.01, max = 10) double scale) {
    Rows.assertEachSumsToOne(FullAttention.weights(RandomHead.of(seed, 7, m, dk), scale));
  }

  /** arXiv:2007.04825 proposition 1: ‖q₀ − q₁‖ ≤ ε makes the weights differ by at most ε‖K‖₂. */
  @Property
  void closeQueriesHaveCloseWeights(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int m,
      @ForAll @IntRange(min = 1, max = 20) int dk,
      @ForAll @DoubleRange(min = 0.01, max = 2) double step) {
    var head = RandomHead.of(seed, 2, m, dk);
    double[] q0 = head.queries()[0];
    double[] q1 = head.queries()[1];
    for (int j = 0; j < dk; j++) {
      q1[j] = q0[j] + step * q1[j];
    }
    double[][] weights = FullAttention.weights(head, 1.0);
    double bound = Rows.l2(q0, q1) * Rows.spectralNorm(head.keys());
    double difference = Rows.l2(weights[0], weights[1]);
    assertTrue(
        difference <= bound * (1 + Rows.ROUNDING), difference + " should be at most " + bound);
  }

  /**
   * Two opposite keys reach half of the bound, as much as any: softmax has Lipschitz constant ½.
   */
  @Example
  void halfOfTheBoundIsReached() {
    double epsilon = 1e-4;
    double[][] keys = {{3, 4}, {-3, -4}}; // ‖K‖₂ = 5√2 in the direction (0.6, 0.8)
    var head = new Head(new double[][] {{0, 0}, {0.6 * epsilon, 0.8 * epsilon}}, keys, keys);
    double[][] weights = FullAttention.weights(head, 1.0);
    assertEquals(5 * Math.sqrt(2), Rows.spectralNorm(keys), 1e-12);
    assertEquals(epsilon * 5 * Math.sqrt(2) / 2, Rows.l2(weights[0], weights[1]), epsilon * 1e-6);
  }
}
