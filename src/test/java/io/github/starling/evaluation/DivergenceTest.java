package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  private static float log(double p) {
    return (float) Math.log(p);
  }

  @Test
  void aKnownCase() {
    float[] half = {log(0.5), log(0.5)};
    float[] tenth = {log(0.1), log(0.9)};
    double expected = 0.5 * Math.log(0.5 / 0.1) + 0.5 * Math.log(0.5 / 0.9);
    assertEquals(expected, Divergence.of(half, tenth), 1e-7);
    double back = 0.1 * Math.log(0.1 / 0.5) + 0.9 * Math.log(0.9 / 0.5);
    assertEquals(back, Divergence.of(tenth, half), 1e-7);
  }

  @Test
  void onlyDifferencesOfLogitsCount() {
    var random = new Random(5);
    for (int n = 1; n < 50; n++) {
      var logits = new float[n];
      var higher = new float[n];
      var other = new float[n];
      for (int t = 0; t < n; t++) {
        logits[t] = random.nextInt(-90, 90); // e^90 overflows a float
        higher[t] = logits[t] + 1000;
        other[t] = random.nextInt(-90, 90);
      }
      assertEquals(0, Divergence.of(logits, higher), 1e-9);
      double divergence = Divergence.of(logits, other);
      assertTrue(n == 1 || divergence > 0, "divergence " + divergence);
      assertEquals(divergence, Divergence.of(higher, other), 1e-9 * Math.max(1, divergence));
    }
  }

  @Test
  void nothingToChooseFromIsNoDifference() {
    assertEquals(0, Divergence.of(new float[0], new float[0]));
  }
}
