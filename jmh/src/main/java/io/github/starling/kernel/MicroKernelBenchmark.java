package io.github.starling.kernel;

import io.github.starling.bench.Probe;
import java.util.Random;
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

/** Many rows times one packed panel, both in the nearest caches: the tile and nothing else. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class MicroKernelBenchmark {
  private static final int TILES = 16;

  /** Bits of a vector; the JVM runs with {@code -XX:MaxVectorSize} of as many bytes or more. */
  @Param("512")
  public int bits;

  @Param({"64", "384"})
  public int depth;

  private final int width = MicroKernel.WIDE;
  private float[] rows;
  private float[] packed;
  private float[] panel;
  private float[] tile;

  @Setup
  public void setup(Probe probe) {
    if (Limits.vectorBits() != bits) {
      throw new IllegalStateException("vectors have " + Limits.vectorBits() + " bits, not " + bits);
    }
    var random = new Random(1);
    rows = floats(random, TILES * MicroKernel.ROWS * depth + Lanes.LANES);
    packed = Panels.packTiles(rows, TILES * MicroKernel.ROWS, depth, new float[rows.length]);
    panel = floats(random, depth * width);
    tile = new float[MicroKernel.ROWS * width];
    multiply();
    checkLastTile();
    probe.fact("flop", 2.0 * TILES * MicroKernel.ROWS * depth * width);
  }

  private static float[] floats(Random random, int count) {
    var floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = random.nextFloat() - 0.5f;
    }
    return floats;
  }

  private void checkLastTile() {
    int first = (TILES - 1) * MicroKernel.ROWS;
    for (int r = 0; r < MicroKernel.ROWS; r++) {
      for (int c = 0; c < width; c++) {
        double sum = 0;
        for (int d = 0; d < depth; d++) {
          sum += (double) rows[(first + r) * depth + d] * panel[d * width + c];
        }
        if (!(Math.abs(sum - tile[r * width + c]) <= depth * 0x1p-24)) {
          throw new IllegalStateException("element (" + r + ", " + c + ") of the tile is wrong");
        }
      }
    }
  }

  /** Six rows at a time. */
  @Benchmark
  public float[] multiply() {
    for (int t = 0; t < TILES; t++) {
      int at = t * MicroKernel.ROWS * depth;
      MicroKernel.multiplyPacked(packed, at, MicroKernel.ROWS, panel, 0, depth, width, tile);
    }
    return tile;
  }

  @TearDown
  public void tearDown(Probe probe) {
    probe.recordAllocation(this::multiply);
  }
}
