package io.github.starling.kernel;

import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.peer.OnnxMatMul;
import io.github.starling.bench.peer.OpenBlas;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
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

/** Dense layers: out = A·Wᵀ, ours with its bias, the peers' without one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class MatrixProductBenchmark {
  private static final int SAMPLE = 16;
  private static final double BOUND = 1e-6;

  /** Inputs × outputs: scores of a head; projections, and the feed-forward's two, of an encoder. */
  @Param({"64x1024", "384x1152", "384x1536", "1536x384", "768x2304", "768x3072", "3072x768"})
  public String layer;

  @Param({"16", "128", "512", "4096"})
  public int rows;

  @Param("1")
  public int threads;

  private final Arena arena = Arena.ofShared();
  private int inputs;
  private int outputs;
  private Matrix a;
  private Matrix weights;
  private Matrix out;
  private double[][] expected;

  /** Draws A and W. */
  @Setup
  public void setup(Probe probe) {
    String[] sizes = layer.split("x");
    inputs = Integer.parseInt(sizes[0]);
    outputs = Integer.parseInt(sizes[1]);
    var random = new Random(2);
    a = matrix(random, rows, inputs);
    weights = matrix(random, outputs, inputs);
    out = Matrix.allocate(arena, rows, outputs);
    expected =
        io.github.starling.reference.MatrixProduct.timesTransposed(
            Agreement.sample(a, SAMPLE), Agreement.sample(weights, outputs));
    probe.fact("flop", 2.0 * rows * inputs * outputs);
  }

  private Matrix matrix(Random random, int rows, int columns) {
    var matrix = Matrix.allocate(arena, rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, random.nextFloat() - 0.5f);
      }
    }
    return matrix;
  }

  private void check(String what) {
    var sample = Matrix.allocate(arena, SAMPLE, outputs);
    for (int i = 0; i < SAMPLE; i++) {
      out.copyRow(Agreement.sampledRow(rows, SAMPLE, i), sample, i);
    }
    Agreement.check(what, Agreement.error(sample, expected), BOUND);
  }

  @TearDown
  public void tearDown() {
    arena.close();
  }

  /** Starling's, weights packed before. */
  @State(Scope.Benchmark)
  public static class Ours {
    private Workers workers;
    private MatrixProduct product;
    private DenseWeights packed;

    @Setup
    public void setup(MatrixProductBenchmark shape) {
      workers = new Workers(shape.threads);
      product = new MatrixProduct(workers);
      packed = new DenseWeights(shape.weights, Matrix.allocate(shape.arena, 1, shape.outputs));
      for (int rows = 0; rows <= DenseWeights.FEW_ROWS; rows += shape.rows) {
        shape.starling(this);
      }
      shape.check("Starling");
    }

    @TearDown
    public void tearDown(MatrixProductBenchmark shape, Probe probe) {
      probe.recordAllocation(() -> shape.starling(this));
      workers.close();
    }
  }

  @Benchmark
  public void starling(Ours ours) {
    ours.product.multiply(a, ours.packed, out);
  }

  /** OpenBLAS's, which packs in each call. */
  @State(Scope.Benchmark)
  public static class Blas {
    private OpenBlas blas;

    @Setup
    public void setup(MatrixProductBenchmark shape) {
      blas = new OpenBlas(shape.threads);
      shape.openBlas(this);
      shape.check("OpenBLAS");
    }
  }

  @Benchmark
  public void openBlas(Blas peer) {
    peer.blas.multiply(a, weights, out);
  }

  /** ONNX Runtime's, weights packed when the session is made. */
  @State(Scope.Benchmark)
  public static class Onnx {
    private OnnxMatMul product;

    @Setup
    public void setup(MatrixProductBenchmark shape) throws Exception {
      product = new OnnxMatMul(shape.a, shape.weights, shape.out, shape.threads);
      product.run();
      shape.check("ONNX Runtime");
    }

    @TearDown
    public void tearDown() throws Exception {
      product.close();
    }
  }

  @Benchmark
  public void onnxRuntime(Onnx peer) throws Exception {
    peer.product.run();
  }
}
