package io.github.starling.attention;

import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.kernel.MachineLimits;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Workers;
import io.github.starling.reference.Doubles;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Improved clustered attention of real queries, keys and values; its error is that of the output,
 * ‖O′ − O‖ / ‖O‖ over a sample of the queries.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class ImprovedClusteredAttentionBenchmark {
  /** Queries that are compared with exact attention. */
  private static final int SAMPLE = 256;

  /** Tokens that longer calls are warmed up with. */
  private static final int WARM_UP = 16_384;

  private static final long WARM_UP_NANOS = 1_500_000_000;

  /** Calls whose phases are added up. */
  private static final int PROFILED = 3;

  @Param({"512", "1024", "2048", "4096", "8192", "16384", "65536", "262144", "1048576"})
  public int n;

  @Param("64")
  public int dk;

  @Param("100")
  public int clusters;

  @Param("32")
  public int topK;

  @Param({"1", "2"})
  public int heads;

  @Param({"1", "2"})
  public int threads;

  private final Arena arena = Arena.ofShared();
  private List<Head> data;
  private Workers workers;
  private ImprovedClusteredAttention attention;

  @Setup
  public void setup(Probe probe) {
    data = RealHeads.load(arena, heads, n, dk);
    workers = new Workers(threads);
    TwinAgreement.checkImproved(
        data.getFirst(), ClusterOptions.of(clusters), topK, Attention.usualScale(dk), workers);
    warmUp();
    attention = create();
    attend();
    probe.fact("error", error());
  }

  private ImprovedClusteredAttention create() {
    return new ImprovedClusteredAttention(ClusterOptions.of(clusters), topK);
  }

  /**
   * A long call takes a second, and the compiler wants to see hundreds; where it competes with two
   * threads for two processors it is not done before the measurement begins.
   */
  private void warmUp() {
    var start = List.of(TwinAgreement.start(data.getFirst(), WARM_UP));
    var warming = create();
    long end = System.nanoTime() + WARM_UP_NANOS;
    boolean isSlowToWarm = n > WARM_UP || threads > 1;
    while (isSlowToWarm && System.nanoTime() < end) {
      warming.attend(start, Attention.usualScale(dk), workers);
    }
  }

  private double error() {
    var sample = RealHeads.sample(arena, data.getLast(), SAMPLE);
    new FullAttention().attend(List.of(sample), Attention.usualScale(dk), workers);
    var approximate = RealHeads.sampleOutput(arena, data.getLast(), SAMPLE);
    return Agreement.error(approximate, Doubles.of(sample.output()));
  }

  /** One call. */
  @Benchmark
  public void starling() {
    attend();
  }

  private void attend() {
    attention.attend(data, Attention.usualScale(dk), workers);
  }

  /** Measures also what a new instance allocates in its first call, once all is compiled. */
  @TearDown
  public void tearDown(Probe probe) {
    probe.recordAllocation(this::attend);
    probe.fact(
        "scratch",
        Probe.allocated(
            () -> {
              attention = create();
              attend();
            }));
    if (n <= WARM_UP) { // longer ones are not drawn
      recordPhases(probe);
    }
    workers.close();
    arena.close();
  }

  /** Records the thread time of each phase and the least that the machine allows. */
  private void recordPhases(Probe probe) {
    var profile = new Profile(MachineLimits.measure());
    workers.profile(profile);
    for (int i = 0; i < PROFILED; i++) {
      attend();
    }
    workers.profile(null);
    for (var phase : profile.phases()) {
      probe.fact("phase " + phase.name(), phase.threadNanos() / (double) PROFILED);
      probe.fact("least " + phase.name(), phase.leastSeconds() * 1e9 / PROFILED);
    }
  }
}
