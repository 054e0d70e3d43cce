package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.github.starling.kernel.DenseWeights;
import io.github.starling.kernel.MatrixProduct;
import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Once warm, a call of the same shape allocates nothing.
 *
 * <p>Vectors are objects until the second compiler removes them, so this also fails where a kernel
 * stays boxed, at a hundredth of its speed.
 */
class SteadyStateTest {
  private static final int CALLS = 50;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ORACLE")
  void attentionAllocatesNothing(Kind kind) {
    var random = new RandomHeads(arena, 1);
    var heads = new ArrayList<Head>();
    for (int h = 0; h < 4; h++) {
      heads.add(random.head(500, 500, 64, 64));
    }
    var attention = kind.create(ClusterOptions.of(50), 32);
    assertSettlesAtZero(() -> attention.attend(heads, 0.125, one));
  }

  @Test
  void automaticAttentionThatStaysExactAllocatesNothing() {
    var random = new RandomHeads(arena, 2);
    var heads = List.of(random.head(500, 500, 64, 64), random.head(500, 500, 64, 64));
    var attention = new AutomaticAttention();
    assertSettlesAtZero(() -> attention.attend(heads, 0.125, one));
  }

  @Test
  void auditsAllocateNothingBesideTheirResult() {
    var random = new RandomHeads(arena, 3);
    var heads = new ArrayList<Head>();
    for (int h = 0; h < 4; h++) {
      heads.add(random.head(500, 500, 64, 64));
    }
    var audit = new Audit(8);
    assertSettlesAtZero(() -> audit.compare(heads, 0.125, one));
  }

  @Test
  void matrixProductsAllocateNothing() {
    var random = new RandomHeads(arena, 2);
    var a = random.gaussian(500, 384, 1);
    var weights = new DenseWeights(random.gaussian(384, 384, 1), random.gaussian(1, 384, 1));
    var out = Matrix.allocate(arena, 500, 384);
    var product = new MatrixProduct(one);
    assertSettlesAtZero(() -> product.multiply(a, weights, out));
  }

  private void assertSettlesAtZero(Runnable call) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    long bytes;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
      if (bytes == 0) {
        return;
      }
    } while (System.nanoTime() < end);
    fail("%d calls still allocate %d bytes".formatted(CALLS, bytes));
  }
}
