package io.github.starling.speech;

import io.github.starling.attention.Attention;
import io.github.starling.attention.Audit;
import io.github.starling.attention.ErrorEstimate;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.SpeechData;
import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import io.github.starling.transformer.LayerAudits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The encoder alone over a piece of any length, samples to frames; its error is that of a layer's
 * attention, ‖O′ − O‖ / ‖O‖ as an audit estimates it, the mean and the worst of all layers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class SpeechEncoderBenchmark {
  /** Of the mean error: that of zeros. The longer a piece, the more refined attention is off. */
  private static final double BOUND = 1;

  private static final long WARM_UP_NANOS = 5_000_000_000L;

  /** Kernels are compiled with pieces of this length, since a long call takes half a minute. */
  private static final int WARM_UP_SECONDS = 50;

  @Param({"base", "tiny"})
  public String model;

  /** Of the piece; clips are joined and repeated. */
  @Param({"50", "600"})
  public int seconds;

  @Param({"exact", "refined"})
  public String attention;

  @Param({"1", "2"})
  public int threads;

  private final Arena arena = Arena.ofShared();
  private Transcriber transcriber;
  private float[] samples;
  private Attention kind;
  private Matrix out;
  private long processorNanos;

  @Setup
  public void setup(Probe probe) throws IOException {
    SpeechData.check();
    transcriber =
        Transcriber.open(
            SpeechData.model(model), TranscriberOptions.defaults().withThreads(threads));
    warmUp();
    prepare(SpeechData.lasting(seconds));
    encode(AttentionObserver.NONE);
    probe.fact("frames", out.rows());
    probe.fact("resident", Probe.peakResidentBytes());
    check(probe);
  }

  private void prepare(float[] piece) {
    samples = piece;
    int frames = Transcriber.frames(samples.length);
    out = Matrix.allocate(arena, frames, transcriber.config().hiddenSize());
    kind =
        attention.equals("exact")
            ? new FullAttention()
            : new RefinedClusteredAttention(RefinedOptions.usualRotary(frames));
  }

  private void warmUp() throws IOException {
    prepare(SpeechData.lasting(Math.min(seconds, WARM_UP_SECONDS)));
    long end = System.nanoTime() + WARM_UP_NANOS;
    do {
      encode(AttentionObserver.NONE);
    } while (System.nanoTime() < end);
  }

  private void check(Probe probe) {
    try (var workers = new Workers(threads)) {
      var audits = new LayerAudits(Audit.USUAL_QUERIES, workers);
      encode(audits);
      double[] errors = audits.layers().stream().mapToDouble(ErrorEstimate::error).toArray();
      double mean = Arrays.stream(errors).average().orElseThrow();
      Agreement.check("the encoder's attention", mean, BOUND);
      probe.fact("error", mean);
      probe.fact("worst error", Arrays.stream(errors).max().orElseThrow());
    }
  }

  private void encode(AttentionObserver observer) {
    long before = Probe.processorNanos();
    transcriber.encode(samples, kind, observer, out);
    processorNanos = Probe.processorNanos() - before;
  }

  /** One call. */
  @Benchmark
  public void starling() {
    encode(AttentionObserver.NONE);
  }

  @TearDown(Level.Iteration)
  public void record(Probe probe) {
    probe.fact("processor", processorNanos);
  }

  @TearDown
  public void tearDown() {
    transcriber.close();
    arena.close();
  }
}
