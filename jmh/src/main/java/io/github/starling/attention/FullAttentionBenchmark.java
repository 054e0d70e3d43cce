package io.github.starling.attention;

import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.bench.peer.TorchAttention;
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

/** Exact attention of real queries, keys and values. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class FullAttentionBenchmark {
  private static final int SAMPLE = 16;
  private static final double BOUND = 1e-5;

  @Param({"512", "1024", "2048", "4096", "8192", "16384"})
  public int n;

  @Param({"64", "32"})
  public int dk;

  @Param({"1", "2"})
  public int heads;

  @Param({"1", "2"})
  public int threads;

  private final Arena arena = Arena.ofShared();
  private List<Head> data;
  private double[][] expected;

  /** Loads the heads. */
  @Setup
  public void setup(Probe probe) {
    data = RealHeads.load(arena, heads, n, dk);
    var head = RealHeads.sample(arena, data.getLast(), SAMPLE);
    expected =
        io.github.starling.reference.FullAttention.attend(
            io.github.starling.reference.Head.of(head.query(), head.key(), head.value()),
            Attention.usualScale(dk));
    probe.fact("flop", 4.0 * heads * n * n * dk);
  }

  private void check(String what, Probe probe) {
    var output = RealHeads.sampleOutput(arena, data.getLast(), SAMPLE);
    double error = Agreement.error(output, expected);
    Agreement.check(what, error, BOUND);
    probe.fact("error", error);
  }

  @TearDown
  public void tearDown() {
    arena.close();
  }

  /** Starling's exact attention. */
  @State(Scope.Benchmark)
  public static class Ours {
    private final FullAttention attention = new FullAttention();
    private Workers workers;

    @Setup
    public void setup(FullAttentionBenchmark shape, Probe probe) {
      workers = new Workers(shape.threads);
      shape.starling(this);
      shape.check("Starling", probe);
    }

    @TearDown
    public void tearDown(FullAttentionBenchmark shape, Probe probe) {
      probe.recordAllocation(() -> shape.starling(this));
      workers.close();
    }
  }

  @Benchmark
  public void starling(Ours ours) {
    ours.attention.attend(data, Attention.usualScale(dk), ours.workers);
  }

  /** PyTorch's. */
  @State(Scope.Benchmark)
  public static class Torch {
    private TorchAttention attention;

    @Setup
    public void setup(FullAttentionBenchmark shape, Probe probe) throws Exception {
      attention = new TorchAttention(shape.data, shape.threads);
      attention.runInto();
      shape.check("PyTorch", probe);
    }

    @TearDown
    public void tearDown() {
      attention.close();
    }
  }

  @Benchmark
  public void pyTorch(Torch peer) {
    peer.attention.run();
  }
}
