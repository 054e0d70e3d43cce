package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void everyItemRunsOnce() {
    try (var workers = new Workers(3)) {
      for (int round = 0; round < 500; round++) {
        int count = round % 17;
        var runs = new AtomicIntegerArray(17);
        workers.forEach(
            count,
            (item, worker) -> {
              assertTrue(worker >= 0 && worker < 3);
              runs.incrementAndGet(item);
            });
        for (int i = 0; i < 17; i++) {
          assertEquals(i < count ? 1 : 0, runs.get(i));
        }
      }
    }
  }

  @Test
  void threadsThatComeLateTakeNoItemOfAnotherLoop() {
    try (var workers = new Workers(8)) { // more than there are cores
      long[] last = new long[7];
      for (int round = 1; round <= 20_000; round++) {
        int count = 2 + round % 6;
        long value = round;
        workers.forEach(count, (item, worker) -> last[item] += value);
        for (int i = 0; i < count; i++) {
          assertEquals(value, last[i]);
        }
        Arrays.fill(last, 0);
      }
    }
  }

  @Test
  void anExceptionReachesTheCallerAndTheWorkersLiveOn() {
    try (var workers = new Workers(4)) {
      var failure = new IllegalStateException("item 5");
      for (int round = 0; round < 50; round++) {
        var thrown =
            assertThrows(
                IllegalStateException.class,
                () ->
                    workers.forEach(
                        20,
                        (item, worker) -> {
                          if (item == 5) {
                            throw failure;
                          }
                        }));
        assertSame(failure, thrown);
        everyItemRuns(workers);
      }
    }
  }

  @Test
  void refusesNoThreads() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Workers(0));
    assertEquals("cannot run on 0 threads, only on 1 or more", e.getMessage());
  }

  @Test
  void refusesWorkAfterClose() {
    var workers = new Workers(2);
    workers.close();
    assertThrows(IllegalStateException.class, () -> workers.forEach(2, (item, worker) -> {}));
  }

  private static void everyItemRuns(Workers workers) {
    var runs = new AtomicIntegerArray(8);
    workers.forEach(8, (item, worker) -> runs.incrementAndGet(item));
    for (int i = 0; i < 8; i++) {
      assertEquals(1, runs.get(i));
    }
  }
}
