package io.github.starling.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Once compiled, the kernels on rows allocate nothing: boxed vectors are 100 times slower. */
class RowKernelAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void nothingIsAllocated() {
    try (var arena = Arena.ofConfined()) {
      var x = Matrix.allocate(arena, 16, 384);
      var residual = Matrix.allocate(arena, 16, 384);
      var gain = new float[384];
      Arrays.fill(gain, 1f);
      var norm = new LayerNorm(gain, new float[384], 1e-5f);
      var sum = new float[384];
      check("erf", () -> Gelu.erf(x));
      check("tanh", () -> Gelu.tanh(x));
      check("layer norm", () -> norm.addAndNormalize(x, residual));
      check("row sum", () -> RowSum.add(x, 1f, sum));
    }
  }

  private static void check(String name, Runnable kernel) {
    long allocated = Long.MAX_VALUE;
    // Background compilation takes as long as it takes; what never gets there fails.
    long end = System.nanoTime() + 10_000_000_000L;
    while (allocated > 1000 && System.nanoTime() < end) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 200; i++) {
        kernel.run();
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(allocated <= 1000, name + " allocates " + allocated + " bytes in 200 calls");
  }
}
