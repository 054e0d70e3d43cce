package io.github.starling.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.github.starling.kernel.Limits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Measures beside a benchmark what its times are held against.
 *
 * <p>A benchmark takes it in its {@code @Setup}. The machine's peak is then measured after each
 * iteration.
 */
@State(Scope.Benchmark)
public class Probe {
  /** Calls whose allocations are looked at, until one has none: JMH's own threads allocate. */
  private static final int CALLS = 3;

  /** More are looked at while all allocate: what a call does seldom is compiled late. */
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final Path STATUS = Path.of("/proc/self/status");

  private BenchmarkParams params;
  private Limits limits;
  private boolean isCounted;

  /** Remembers whose facts these are. */
  @Setup
  public void start(BenchmarkParams params) {
    this.params = params;
  }

  /**
   * Measures the peak; not before the first iteration, so that the benchmark's own code is compiled
   * as in a program that measures no peak, and only for what counts operations or iterations.
   */
  @TearDown(Level.Iteration)
  public void measurePeak() {
    if (!isCounted) {
      return;
    }
    if (limits == null) {
      limits = new Limits();
    }
    fact("peak", limits.flops());
    fact("popcounts", limits.popcounts());
  }

  /** Records a figure under a name. */
  public void fact(String name, double value) {
    isCounted |= name.equals("flop") || name.equals("iterations");
    Facts.add(params, name, value);
  }

  /** Records the bytes that all threads together allocate in a call, {@code allocation}. */
  public void recordAllocation(Runnable call) {
    long least = Long.MAX_VALUE;
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (int i = 0; least > 0 && (i < CALLS || System.nanoTime() < end); i++) {
      least = Math.min(least, allocated(call));
    }
    fact("allocation", least);
  }

  /**
   * Returns how long the threads of this process have run so far, native ones included: where other
   * programs share the cores, it is less than the time that passes.
   */
  public static long processorNanos() {
    return SYSTEM.getProcessCpuTime();
  }

  /**
   * Returns the most memory that this process has had so far.
   *
   * @return 0 where the system does not say it as Linux does
   */
  public static long peakResidentBytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmHWM:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }

  /** Returns the bytes that all threads together allocate in a call. */
  public static long allocated(Runnable call) {
    long before = THREADS.getTotalThreadAllocatedBytes();
    call.run();
    return THREADS.getTotalThreadAllocatedBytes() - before;
  }
}
