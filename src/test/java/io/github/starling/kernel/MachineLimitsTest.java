package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.MachineLimits.Bandwidth;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineLimitsTest {
  @Test
  void everyLimitIsARate() {
    var limits = MachineLimits.measure();
    assertRate(limits.flops());
    assertRate(limits.popcounts());
    assertTrue(limits.bandwidths().size() > 1);
    long size = 0;
    for (var bandwidth : limits.bandwidths()) {
      assertTrue(bandwidth.workingSet() > size);
      size = bandwidth.workingSet();
      assertRate(bandwidth.rate());
    }
  }

  private static void assertRate(double rate) {
    assertTrue(rate > 0 && rate < Double.POSITIVE_INFINITY, "" + rate);
  }

  @Test
  void memoryIsAsNearAsItCanBe() {
    var limits = new MachineLimits(1, 1, List.of(new Bandwidth(100, 7), new Bandwidth(1000, 3)));
    assertEquals(7, limits.bandwidth(0));
    assertEquals(7, limits.bandwidth(100));
    assertEquals(7, limits.bandwidth(999));
    assertEquals(3, limits.bandwidth(1000));
    assertEquals(3, limits.bandwidth(Long.MAX_VALUE));
  }
}
