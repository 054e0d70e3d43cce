package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class FullAttentionProperties {
  private static final double ROUNDING = 32 * 0x1p-21;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  /** Proposition 1 of arXiv:2007.04825: ‖qᵢ − qⱼ‖₂ ≤ ε gives weights within ε·τ·‖K‖₂. */
  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void nearQueriesHaveNearWeights(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int m,
      @ForAll @IntRange(min = 1, max = 8) int dk,
      @ForAll @DoubleRange(min = 0.01, max = 1) double distance,
      @ForAll @DoubleRange(min = 0.01, max = 2) double scale) {
    var heads = new RandomHeads(arena, seed);
    var head = AttentionProperties.withIdentity(heads.head(2, m, dk, 1), arena);
    var step = heads.gaussian(1, dk, distance);
    for (int d = 0; d < dk; d++) {
      head.query().set(1, d, head.query().get(0, d) + step.get(0, d));
    }
    new FullAttention().attend(List.of(head), scale, one);
    double epsilon = distance(head.query());
    double bound = epsilon * scale * spectralNorm(head.key()) + ROUNDING;
    double actual = distance(head.output());
    assertTrue(actual <= bound, () -> "seed %d: %s > %s".formatted(seed, actual, bound));
  }

  private static double distance(Matrix pair) {
    double sum = 0;
    for (int d = 0; d < pair.columns(); d++) {
      double difference = (double) pair.get(0, d) - pair.get(1, d);
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /** Power iteration with KᵀK; it ends a little low, and softmax leaves a factor of 2. */
  private static double spectralNorm(Matrix keys) {
    var direction = new double[keys.columns()];
    Arrays.setAll(direction, d -> 1 + 0.1 * d);
    double norm = 0;
    for (int round = 0; round < 100; round++) {
      var next = new double[keys.columns()];
      for (int t = 0; t < keys.rows(); t++) {
        double along = 0;
        for (int d = 0; d < direction.length; d++) {
          along += keys.get(t, d) * direction[d];
        }
        for (int d = 0; d < direction.length; d++) {
          next[d] += along * keys.get(t, d);
        }
      }
      norm = 0;
      for (double x : next) {
        norm += x * x;
      }
      norm = Math.sqrt(norm);
      for (int d = 0; d < direction.length; d++) {
        direction[d] = next[d] / norm;
      }
    }
    return Math.sqrt(norm);
  }
}
