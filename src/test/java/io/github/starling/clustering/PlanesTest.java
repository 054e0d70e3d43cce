package io.github.starling.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PlanesTest {
  /** The recipe of the Javadoc, with nothing but the JDK. */
  @Test
  void anyoneCanDrawTheSamePlanes() {
    for (long seed : new long[] {0, 1, -1, Long.MIN_VALUE, 1234567890123L}) {
      var random =
          RandomGeneratorFactory.<SplittableGenerator>of("L64X128MixRandom").create(seed).split();
      var expected = new float[7 * 6];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (float) random.nextGaussian();
      }
      var planes = Planes.draw(7, 5, true, seed);
      assertArrayEquals(expected, planes.values());
      assertEquals(7, planes.bits());
      assertEquals(5, planes.dk());
      for (int b = 0; b < 7; b++) {
        expected[b * 6 + 5] = 0;
      }
      assertArrayEquals(expected, Planes.draw(7, 5, false, seed).values(), "without thresholds");
    }
  }

  @Test
  void refusesWhatIsNoSignature() {
    refuses("a signature has 1 to 64 bits, not 0", () -> Planes.draw(0, 3, true, 1));
    refuses("a signature has 1 to 64 bits, not -1", () -> Planes.draw(-1, 3, true, 1));
    refuses("a signature has 1 to 64 bits, not 65", () -> Planes.draw(65, 3, true, 1));
    refuses("queries need at least one column to be hashed", () -> Planes.draw(8, 0, true, 1));
    refuses("planes of shape (2, 4) have 8 values, not 9", () -> new Planes(new float[9], 2, 3));
  }

  private static void refuses(String expected, Executable call) {
    var message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertEquals(expected, message);
  }
}
