package io.github.starling.attention;

import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.evaluation.AttentionOutputs;
import io.github.starling.evaluation.OutputError;
import io.github.starling.kernel.Workers;
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
 * Every kind of attention at several settings, one head of real queries, keys and values on one
 * thread; the error is ‖O′ − O‖ / ‖O‖ over all queries against the exact attention that it stands
 * for.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class ApproximateAttentionBenchmark {
  private static final int WARM_UP = 1024;
  private static final long WARM_UP_NANOS = 2_500_000_000L;

  @Param({"512", "4096", "16384"})
  public int n;

  @Param("64")
  public int dk;

  /** See {@link MeasuredKind}. */
  @Param("refined-clustered C=16 b=44 w=8")
  public String setting;

  private final Arena arena = Arena.ofShared();
  private final Workers workers = new Workers(1);
  private List<Head> data;
  private double scale;
  private Attention attention;

  @Setup
  public void setup(Probe probe) {
    data = RealHeads.load(arena, 1, n, dk);
    scale = Attention.usualScale(dk);
    var kind = new MeasuredKind(setting);
    kind.check(data.getFirst(), scale, workers);
    var exact = new AttentionOutputs().redirect(data);
    kind.baseline().attend(exact, scale, workers);
    attention = kind.create();
    warmUp();
    starling();
    var error = new OutputError();
    error.add(data, exact);
    Agreement.check(setting, error.relative(), kind.bound());
    probe.fact("error", error.relative());
  }

  /** A long call takes a second, and the compiler wants to see hundreds of calls. */
  private void warmUp() {
    var start = List.of(TwinAgreement.start(data.getFirst(), WARM_UP));
    long end = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < end) {
      attention.attend(start, scale, workers);
    }
  }

  /** One call. */
  @Benchmark
  public void starling() {
    attention.attend(data, scale, workers);
  }

  @TearDown
  public void tearDown(Probe probe) {
    probe.recordAllocation(this::starling);
    workers.close();
    arena.close();
  }
}
