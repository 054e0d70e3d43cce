package io.github.starling.clustering;

import io.github.starling.bench.Probe;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.kernel.Workers;
import io.github.starling.reference.Clustering;
import java.lang.foreign.Arena;
import java.util.Arrays;
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
 * K-means over the signatures of real queries.
 *
 * <p>It stops when no assignment changes, so the iterations that it does are found out first.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class HammingKMeansBenchmark {
  private static final int BITS = 63;
  private static final int ITERATIONS = 10;

  @Param("8192")
  public int n;

  @Param("100")
  public int clusters;

  private final Workers workers = new Workers(1);
  private HammingKMeans kMeans;
  private long[] signatures;
  private int[] initial;

  @Setup
  public void setup(Probe probe) {
    try (var arena = Arena.ofConfined()) {
      var query = RealHeads.load(arena, 1, n, RealHeads.WIDTH).getFirst().query();
      var kernel = Planes.draw(BITS, RealHeads.WIDTH, true, 0).pack();
      signatures = new long[n];
      kernel.hash(query, 0, n, signatures, new float[kernel.scratchFloats()]);
    }
    kMeans = new HammingKMeans(clusters, ITERATIONS);
    initial = InitialPositions.draw(clusters, n, 0);
    cluster();
    check();
    probe.fact("iterations", iterations());
  }

  private void check() {
    Clustering expected =
        io.github.starling.reference.HammingKMeans.cluster(
            signatures, clusters, initial, ITERATIONS);
    for (int i = 0; i < n; i++) {
      if (kMeans.clusterOf(i) != expected.clusterOf(i)) {
        throw new IllegalStateException("query " + i + " is in the wrong cluster");
      }
    }
  }

  /** Returns how many assignments are made until one changes nothing, that one included. */
  private int iterations() {
    int[] earlier = null;
    for (int iterations = 1; iterations < ITERATIONS; iterations++) {
      var shorter = new HammingKMeans(clusters, iterations);
      shorter.cluster(signatures, n, initial, workers);
      var assignment = new int[n];
      Arrays.setAll(assignment, shorter::clusterOf);
      if (Arrays.equals(assignment, earlier)) {
        return iterations;
      }
      earlier = assignment;
    }
    return ITERATIONS;
  }

  /** All iterations. */
  @Benchmark
  public void cluster() {
    kMeans.cluster(signatures, n, initial, workers);
  }

  @TearDown
  public void tearDown(Probe probe) {
    probe.recordAllocation(this::cluster);
  }
}
