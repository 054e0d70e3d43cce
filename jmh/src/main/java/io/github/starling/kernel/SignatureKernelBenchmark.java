package io.github.starling.kernel;

import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.clustering.Planes;
import io.github.starling.reference.Signatures;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
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

/** Signatures of real queries, 63 bits each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class SignatureKernelBenchmark {
  private static final int BITS = 63;
  private static final int SAMPLE = 512;

  @Param("8192")
  public int n;

  @Param({"64", "32"})
  public int dk;

  private final Arena arena = Arena.ofShared();
  private Matrix query;
  private SignatureKernel kernel;
  private long[] signatures;
  private float[] scratch;

  @Setup
  public void setup(Probe probe) {
    query = RealHeads.load(arena, 1, n, dk).getFirst().query();
    var planes = Planes.draw(BITS, dk, true, 0);
    kernel = planes.pack();
    signatures = new long[n];
    scratch = new float[kernel.scratchFloats()];
    hash();
    check(planes);
    probe.fact("flop", 2.0 * n * dk * BITS);
  }

  private void check(Planes planes) {
    var rows = new double[BITS][dk + 1];
    for (int b = 0; b < BITS; b++) {
      for (int d = 0; d <= dk; d++) {
        rows[b][d] = planes.values()[b * (dk + 1) + d];
      }
    }
    long[] expected = Signatures.of(Agreement.sample(query, SAMPLE), rows);
    for (int i = 0; i < SAMPLE; i++) {
      int q = Agreement.sampledRow(n, SAMPLE, i);
      if (signatures[q] != expected[i]) {
        throw new IllegalStateException("query " + q + " has the wrong signature");
      }
    }
  }

  /** All queries. */
  @Benchmark
  public long[] hash() {
    kernel.hash(query, 0, n, signatures, scratch);
    return signatures;
  }

  @TearDown
  public void tearDown(Probe probe) {
    probe.recordAllocation(this::hash);
    arena.close();
  }
}
