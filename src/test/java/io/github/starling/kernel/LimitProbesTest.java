package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The probes do all the work that their rates are computed from. */
class LimitProbesTest {
  @Test
  void aStepMultipliesAndAddsItsOperations() {
    int lanes = Lanes.LANES;
    int accumulators = LimitProbes.STEP_FLOPS / (2 * lanes);
    var data = new float[(accumulators + 1) * lanes];
    Arrays.fill(data, accumulators * lanes, data.length, 2f);
    LimitProbes.multiplyAdd(100, data);
    for (int lane = 0; lane < lanes; lane++) {
      assertEquals(accumulators * 2f * 2f * 100, data[lane]);
    }
  }

  @Test
  void aStepCountsItsWords() {
    int lanes = Lanes.LONGS.length();
    var random = new Random(1);
    var data = new long[LimitProbes.STEP_WORDS];
    Arrays.setAll(data, _ -> random.nextLong());
    var expected = new long[lanes];
    for (int i = 0; i < data.length; i++) {
      expected[i % lanes] |= Long.bitCount(Long.bitCount(data[i]));
    }
    LimitProbes.countBits(2, data);
    for (int lane = 0; lane < lanes; lane++) {
      assertEquals(expected[lane], data[lane]);
    }
  }

  @Test
  void everyByteIsReadAndNoneBeyond() {
    int bytes = 3 * LimitProbes.STEP_BYTES;
    int lanes = Lanes.LONGS.length();
    try (var arena = Arena.ofConfined()) {
      var memory = arena.allocate(bytes);
      for (int word = 0; word < bytes / Long.BYTES; word++) {
        memory.fill((byte) 0);
        memory.setAtIndex(ValueLayout.JAVA_LONG, word, 5);
        var out = new long[lanes];
        LimitProbes.read(memory, bytes, out);
        assertEquals(5, out[word % lanes], "word " + word);
      }
      var out = new long[lanes];
      LimitProbes.read(memory, bytes - LimitProbes.STEP_BYTES, out);
      assertEquals(0, Arrays.stream(out).sum());
    }
  }
}
