package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Work;
import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attention tells the profile of its workers. */
class AttentionProfileTest {
  private static final int N = 40;
  private static final int M = 50;
  private static final int DK = 6;
  private static final int DV = 5;
  private static final ClusterOptions OPTIONS = new ClusterOptions(4, 13, 3, true, 1, null, null);

  private final Arena arena = Arena.ofAuto();

  private List<Head> heads(int count) {
    return heads(Kind.FULL, count);
  }

  private List<Head> heads(Kind kind, int count) {
    var random = new RandomHeads(arena, 1);
    var heads = new ArrayList<Head>();
    for (int h = 0; h < count; h++) {
      heads.add(random.head(N, kind.keys(N, M), DK, DV));
    }
    return heads;
  }

  /** Counted by hand for one head; K-means may settle before its third assignment. */
  private static Map<String, Work> work(Kind kind, double assignments) {
    var expected = new HashMap<String, Work>();
    switch (kind) {
      case FULL, AUTOMATIC -> expected.put("attend", new Work(2 * 40 * 50 * 11, 0, 4 * 90 * 11));
      case ORACLE -> expected.put("attend", new Work(2 * 40 * (50 * 6 + 7 * 5), 0, 4 * 90 * 11));
      case CAUSAL -> expected.put("attend", new Work(2 * 40 * 41 / 2 * 11, 0, 4 * 80 * 11));
      case SHARED_QK -> expected.put("attend", new Work(2 * 40 * 39 * 11, 0, 4 * 80 * 11));
      // 3 rounds of 6 directions; chunks of 7, the first alone and the last of 5
      case REFORMER ->
          expected.put(
              "attend",
              new Work(2 * 3 * (40 * 6 * 6 + (49 + 4 * 98 + 5 * 12) * 11), 0, 4 * 80 * 11));
      // 3 keys on either side, less 1 + 2 + 3 at either end
      case LOCAL -> expected.put("attend", new Work(2 * (40 * 7 - 12) * 11, 0, 4 * 80 * 11));
      case CLUSTERED, IMPROVED, CAUSAL_IMPROVED -> {
        double m = kind.keys(40, 50);
        double width = kind == Kind.CAUSAL_IMPROVED ? 6 : 11;
        expected.put("hash", new Work(2 * 40 * 6 * 13, 0, 4 * 40 * 6));
        expected.put("cluster", new Work(0, 40 * 4 * assignments, 0));
        expected.put("group", new Work(0, 0, 4 * 3 * 40));
        expected.put("average", new Work(0, 0, 4 * 40 * 6));
        expected.put("attend", new Work(2 * 4 * m * width, 0, 4 * m * width));
        expected.put(
            "spread",
            kind == Kind.CLUSTERED
                ? new Work(0, 0, 4 * 40 * 5)
                : new Work(2 * 40 * 7 * 11, 0, 4 * 40 * 11));
      }
      case REFINED -> {
        expected.put("center", new Work(0, 0, 4 * 2 * 50 * 11));
        expected.put("hash", new Work(2 * 40 * 6 * 8, 0, 4 * 40 * 6));
        expected.put("cluster", new Work(2 * 40 * 4 * 8 * 3, 0, 0));
        expected.put("group", new Work(0, 0, 4 * 3 * 40));
        expected.put("average", new Work(0, 0, 4 * 40 * 6));
        expected.put("attend", new Work(2 * 4 * 50 * 11, 0, 4 * 50 * 11));
        expected.put("select", new Work(0, 0, 4 * 4 * 50));
        expected.put("spread", new Work(2 * 40 * 7 * 11, 0, 4 * 40 * 11));
      }
    }
    return expected;
  }

  @ParameterizedTest
  @EnumSource
  void everyPhaseHasItsWork(Kind kind) {
    try (var workers = new Workers(1)) {
      var profile = new Profile(null);
      workers.profile(profile);
      kind.create(OPTIONS, 7).attend(heads(kind, 1), 1, workers);
      var found = new HashMap<String, Work>();
      profile.phases().forEach(phase -> found.put(phase.name(), phase.work()));
      double popcounts = profile.total().work().popcounts();
      assertTrue(popcounts <= 3 * 160 && popcounts % 160 == 0, "" + popcounts);
      assertEquals(work(kind, popcounts / 160), found);
    }
  }

  @Test
  void phasesComeInTheirOrder() {
    try (var workers = new Workers(2)) {
      var profile = new Profile(null);
      workers.profile(profile);
      new ImprovedClusteredAttention(OPTIONS, 7).attend(heads(4), 1, workers);
      assertEquals(
          List.of("hash", "cluster", "group", "average", "attend", "spread"),
          profile.phases().stream().map(Profile.Phase::name).toList());
    }
  }

  /** Four heads on two threads go whole, three on two are shared. */
  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void phasesFillTheTimeOfTheThreadsAndNoMore(int count) {
    for (var kind : Kind.values()) {
      var heads = heads(kind, count);
      try (var workers = new Workers(2)) {
        var profile = new Profile(null);
        workers.profile(profile);
        var attention = kind.create(OPTIONS, 7);
        long start = System.nanoTime();
        attention.attend(heads, 1, workers);
        attention.attend(heads, 1, workers);
        long wall = System.nanoTime() - start;
        for (var phase : profile.phases()) {
          assertTrue(phase.threadNanos() > 0, phase.name());
        }
        var total = profile.total();
        assertTrue(total.threadNanos() <= 2 * wall, kind.toString());
        // Twice as many heads are twice the work, whoever did them.
        var one = work(kind, total.work().popcounts() / (2 * count * 160.0)).values().stream();
        double flops = one.mapToDouble(Work::flops).sum();
        assertEquals(2 * count * flops, total.work().flops(), kind.toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSharedPhaseCountsForEveryThread(Kind kind) {
    try (var workers = new Workers(7)) {
      var profile = new Profile(null);
      workers.profile(profile);
      kind.create(OPTIONS, 7).attend(heads(kind, 1), 1, workers);
      for (var phase : profile.phases()) {
        assertEquals(0, phase.threadNanos() % 7, phase.name());
      }
    }
  }

  @Test
  void aProfileTakenAwayHearsNoMore() {
    try (var workers = new Workers(1)) {
      var profile = new Profile(null);
      workers.profile(profile);
      var attention = new FullAttention();
      attention.attend(heads(1), 1, workers);
      long nanos = profile.total().threadNanos();
      workers.profile(null);
      attention.attend(heads(1), 1, workers);
      assertEquals(nanos, profile.total().threadNanos());
    }
  }
}
