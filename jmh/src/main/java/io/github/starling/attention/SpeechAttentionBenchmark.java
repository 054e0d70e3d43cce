package io.github.starling.attention;

import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.bench.data.SpeechData;
import io.github.starling.bench.data.SpeechHeads;
import io.github.starling.kernel.Workers;
import io.github.starling.reference.Doubles;
import java.io.IOException;
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
 * Attention of all heads of a layer that hears speech, on one thread; the error is that of all of
 * them together, ‖O′ − O‖ / ‖O‖ over a sample of the queries.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class SpeechAttentionBenchmark {
  /** Queries of a head that are compared with exact attention. */
  private static final int SAMPLE = 256;

  /** Queries of a head on which exact attention is compared with double precision. */
  private static final int EXACT_SAMPLE = 16;

  private static final double EXACT_BOUND = 1e-5;
  private static final int TOP_K = 32;

  /** Exact keys and window where the number of clusters is given. */
  private static final int EXACT_KEYS = 112;

  private static final int WINDOW = 16;

  private static final int WARM_UP = 1024;
  private static final long WARM_UP_NANOS = 3_000_000_000L;

  /** Of the piece that the encoder has heard. */
  @Param({"25", "50", "300"})
  public int seconds;

  /** How, and how many clusters where they are chosen. */
  @Param({"exact", "improved 25", "improved 100", "refined", "refined 40"})
  public String attention;

  private final Arena arena = Arena.ofShared();
  private final Workers workers = new Workers(1);
  private List<Head> heads;
  private double scale;
  private Attention kind;

  @Setup
  public void setup(Probe probe) throws IOException {
    SpeechData.check();
    heads = SpeechHeads.load(arena, seconds);
    scale = Attention.usualScale(heads.getFirst().query().columns());
    checkAgainstReference();
    var starts = heads.stream().map(head -> TwinAgreement.start(head, WARM_UP)).toList();
    kind = create(WARM_UP);
    long end = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < end) {
      kind.attend(starts, scale, workers);
    }
    kind = create(n());
    attend();
    probe.fact("frames", n());
    probe.fact("heads", heads.size());
    probe.fact("error", error());
  }

  private int n() {
    return heads.getFirst().query().rows();
  }

  private Attention create(int n) {
    return switch (attention.split(" ")[0]) {
      case "exact" -> new FullAttention();
      case "refined" -> new RefinedClusteredAttention(refinedOptions(n));
      default -> new ImprovedClusteredAttention(clusterOptions(), TOP_K);
    };
  }

  private RefinedOptions refinedOptions(int n) {
    return attention.equals("refined")
        ? RefinedOptions.usualRotary(n)
        : new RefinedOptions(clusters(), EXACT_KEYS, WINDOW);
  }

  private ClusterOptions clusterOptions() {
    return ClusterOptions.of(clusters());
  }

  private int clusters() {
    return Integer.parseInt(attention.split(" ")[1]);
  }

  private void checkAgainstReference() {
    var head = heads.getFirst();
    switch (attention.split(" ")[0]) {
      case "exact" -> checkExact(head);
      case "refined" -> TwinAgreement.checkRefined(head, refinedOptions(n()), scale, workers);
      default -> TwinAgreement.checkImproved(head, clusterOptions(), TOP_K, scale, workers);
    }
  }

  private void checkExact(Head head) {
    var sample = RealHeads.sample(arena, head, EXACT_SAMPLE);
    new FullAttention().attend(List.of(sample), scale, workers);
    var expected =
        io.github.starling.reference.FullAttention.attend(
            io.github.starling.reference.Head.of(sample.query(), sample.key(), sample.value()),
            scale);
    Agreement.check("exact attention", Agreement.error(sample.output(), expected), EXACT_BOUND);
  }

  private double error() {
    double squares = 0;
    double norms = 0;
    for (var head : heads) {
      var sample = RealHeads.sample(arena, head, SAMPLE);
      new FullAttention().attend(List.of(sample), scale, workers);
      var expected = Doubles.of(sample.output());
      double norm = 0;
      for (double[] row : expected) {
        for (double x : row) {
          norm += x * x;
        }
      }
      double error = Agreement.error(RealHeads.sampleOutput(arena, head, SAMPLE), expected);
      squares += error * error * norm;
      norms += norm;
    }
    return Math.sqrt(squares / norms);
  }

  private void attend() {
    kind.attend(heads, scale, workers);
  }

  /** One call. */
  @Benchmark
  public void starling() {
    attend();
  }

  @TearDown
  public void tearDown() {
    workers.close();
    arena.close();
  }
}
