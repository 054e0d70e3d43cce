package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Feeds made-up files to a reader for {@code fuzz.seconds}.
 *
 * <p>The reader may read a file or throw a {@link FormatException}, within ten seconds and with
 * memory in proportion to the file. The input that makes it do anything else is kept, and its seed
 * printed; {@code -Dfuzz.seed=S} starts with that one.
 */
final class Fuzzing {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 2000;
  private static final long FIXED_BYTES = 64L << 10;
  private static final long BYTES_PER_BYTE = 64;
  private static final long SECONDS_PER_INPUT = 10;

  private final Path file;
  private final Reader reader;
  private long read;
  private double mostPerByte;

  /** Reads all that there is. */
  @FunctionalInterface
  interface Reader {
    /** Reads a file with memory of an arena. */
    void read(Path file, Arena arena) throws IOException;
  }

  private Fuzzing(Path file, Reader reader) {
    this.file = file;
    this.reader = reader;
  }

  /**
   * Runs.
   *
   * @param file where the inputs are put
   * @param inputs makes an input of a seeded generator
   */
  static void run(Path file, Function<Random, byte[]> inputs, Reader reader) throws Exception {
    long first = Long.getLong("fuzz.seed", System.nanoTime());
    long seconds = Long.getLong("fuzz.seconds", 1);
    long start = System.nanoTime();
    var fuzzing = new Fuzzing(file, reader);
    long seed = first;
    long longest = 0;
    try (var worker = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory())) {
      for (; System.nanoTime() - start < seconds * 1_000_000_000L; seed++) {
        byte[] input = inputs.apply(new Random(seed));
        boolean isWarm = seed - first > WARM_UP; // loading classes allocates too
        long before = System.nanoTime();
        try {
          worker.submit(() -> fuzzing.one(input, isWarm)).get(SECONDS_PER_INPUT, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
          Path kept = Files.write(Files.createTempFile("starling-fuzz-", ""), input);
          worker.shutdownNow();
          fail("seed " + seed + ", input kept in " + kept, e);
        }
        longest = Math.max(longest, System.nanoTime() - before);
      }
    }
    System.out.printf(
        "%s: %d inputs from seed %d, %d of them read, at most %.1f ms and %.1f bytes a byte%n",
        file.getFileName(), seed - first, first, fuzzing.read, longest / 1e6, fuzzing.mostPerByte);
  }

  private Void one(byte[] input, boolean isMeasured) throws IOException {
    Files.write(file, input);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long offHeap;
    try (var arena = new CountingArena()) {
      try {
        reader.read(file, arena);
        read++;
      } catch (FormatException e) {
        // the damage was seen
      }
      offHeap = arena.bytes;
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before + offHeap;
    if (isMeasured) {
      mostPerByte = Math.max(mostPerByte, (double) (bytes - FIXED_BYTES) / (input.length + 1));
      if (bytes > FIXED_BYTES + BYTES_PER_BYTE * input.length) {
        throw new AssertionError(bytes + " bytes allocated for a file of " + input.length);
      }
    }
    return null;
  }

  /** Counts what is allocated. */
  private static final class CountingArena implements Arena {
    private final Arena arena = Arena.ofConfined();
    private long bytes;

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
      bytes += byteSize;
      return arena.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
      return arena.scope();
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** Touches every byte of a segment: one outside its mapping would end the process. */
  static void touch(MemorySegment segment) {
    if (segment.byteSize() > 0) {
      segment.mismatch(segment.asSlice(0, segment.byteSize() - 1));
    }
  }

  /** Returns a maker of inputs that damages valid files. */
  static Function<Random, byte[]> mutationsOf(byte[]... valid) {
    List<byte[]> files = Arrays.asList(valid);
    return random -> Mutations.of(files.get(random.nextInt(files.size())), files, random);
  }
}
