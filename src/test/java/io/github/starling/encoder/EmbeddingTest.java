package io.github.starling.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EmbeddingTest {
  @Test
  void theCosineDependsOnTheAngleAlone() {
    assertEquals(1, Embedding.cosine(new float[] {3, 4}, new float[] {6, 8}), 1e-15);
    assertEquals(-1, Embedding.cosine(new float[] {3, 4}, new float[] {-3, -4}), 1e-15);
    assertEquals(0.96, Embedding.cosine(new float[] {3, 4}, new float[] {4, 3}), 1e-15);
  }
}
