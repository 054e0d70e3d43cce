package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.MachineLimits.Bandwidth;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileTest {
  /** A machine of 100 flop, 10 words and 4 bytes a second, 1 byte beyond its caches. */
  private static final MachineLimits LIMITS =
      new MachineLimits(100, 10, List.of(new Bandwidth(100, 4), new Bandwidth(1000, 1)));

  @Test
  void theLeastTimeIsThatOfTheScarcestResource() {
    assertEquals(0, LIMITS.leastSeconds(Work.NONE));
    assertEquals(3, LIMITS.leastSeconds(Work.flops(300).and(Work.floats(2))));
    assertEquals(6, LIMITS.leastSeconds(Work.popcounts(60).and(Work.flops(500))));
    assertEquals(5, LIMITS.leastSeconds(Work.floats(5).and(Work.flops(400))));
    assertEquals(1200, LIMITS.leastSeconds(Work.floats(300)));
  }

  @Test
  void aProductMultipliesAndAddsForEachElementAndDepth() {
    assertEquals(new Work(2 * 3 * 5 * 7, 0, 4 * (3 * 5 + 5 * 7 + 3 * 7)), Work.product(3, 5, 7));
  }

  @Test
  void phasesSumTheirCallsInTheOrderOfTheirFirst() {
    var profile = new Profile(LIMITS);
    profile.add("second to end", 1_000_000_000, Work.flops(50));
    profile.add("short", 7, Work.NONE);
    var other = new Profile(LIMITS);
    other.add("short", 3, Work.popcounts(1));
    other.add("second to end", 1_000_000_000, Work.flops(100));
    profile.add(other);
    var phases = profile.phases();
    assertEquals(List.of("second to end", "short"), phases.stream().map(p -> p.name()).toList());
    assertEquals(2_000_000_000, phases.get(0).threadNanos());
    assertEquals(Work.flops(150), phases.get(0).work());
    assertEquals(1.5, phases.get(0).leastSeconds());
    assertEquals(0.75, phases.get(0).roofline());
    assertEquals(10, phases.get(1).threadNanos());
    assertEquals(2_000_000_010, profile.total().threadNanos());
    assertEquals(new Work(150, 1, 0), profile.total().work());
  }

  @Test
  void eachCallHasTheBandwidthOfItsOwnWorkingSet() {
    var profile = new Profile(LIMITS);
    for (int call = 0; call < 10; call++) {
      profile.add("pass", 1, Work.floats(50)); // 200 bytes at 4 a second
    }
    assertEquals(500, profile.total().leastSeconds());
  }

  @Test
  void withoutLimitsTheLeastTimeIsNotKnown() {
    var profile = new Profile(null);
    profile.add("pass", 1, Work.floats(50));
    assertTrue(Double.isNaN(profile.total().leastSeconds()));
  }

  @Test
  void aClockThatNobodyWantsReadsNothing() {
    var clock = new PhaseClock(2);
    clock.start(true);
    clock.end(1);
    clock.end(0);
    clock.end(1);
    assertTrue(clock.isOn());
    assertTrue(clock.nanos(0) >= 0 && clock.nanos(1) > 0);
    long before = clock.nanos(1);
    clock.start(false);
    clock.end(1);
    assertFalse(clock.isOn());
    assertEquals(before, clock.nanos(1));
  }
}
