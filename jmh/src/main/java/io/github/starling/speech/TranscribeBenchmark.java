package io.github.starling.speech;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.SpeechData;
import io.github.starling.bench.peer.OnnxMoonshine;
import io.github.starling.evaluation.WordErrors;
import io.github.starling.model.MoonshineFolder;
import io.github.starling.text.PieceDecoder;
import java.io.IOException;
import java.lang.foreign.Arena;
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
 * Samples to text, a clip at a time.
 *
 * <p>ONNX Runtime has the graphs that Moonshine's authors publish, and Starling the same weights.
 * Those are of 8 bits; the graphs also round what is multiplied with them to 8 bits, in each call
 * anew, while Starling computes in float32. So transcripts agree but for some words: what differs
 * are the fewest words to substitute, insert and delete, without case and punctuation. For exact
 * attention they must be few. Refined attention is not held to that: in a clip longer than those
 * the model was trained on, another rounding skips another sentence, or none.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class TranscribeBenchmark {
  /** Words that may differ, as a share of the peer's. */
  private static final double BOUND = 0.1;

  private static final int SPECIAL_TOKENS = 3;

  /** As with {@code EncoderBenchmark}: kernels take seconds until they are compiled. */
  private static final long WARM_UP_NANOS = 5_000_000_000L;

  @Param({"base", "tiny"})
  public String model;

  /** Consecutive clips that are joined: one lasts about 25 seconds, two 50. */
  @Param({"1", "2"})
  public int clips;

  @Param({"1", "2"})
  public int threads;

  private float[] samples;
  private String peerText;

  /** Reads the clips, and holds Starling with exact attention to ONNX Runtime. */
  @Setup
  public void setup(Probe probe) throws Exception {
    SpeechData.check();
    samples = SpeechData.joined(clips);
    probe.fact("seconds", (double) samples.length / Transcriber.RATE);
    try (var arena = Arena.ofConfined();
        var peer = new OnnxMoonshine(SpeechData.graphs(model), threads);
        var ours = open(new FullAttention())) {
      var folder = MoonshineFolder.open(SpeechData.model(model), arena);
      peerText =
          new PieceDecoder(folder.pieces(), SPECIAL_TOKENS)
              .decode(peer.transcribe(samples).tokens());
      var errors = compare(ours.transcribe(samples));
      Agreement.check("exact attention's transcript", errors.rate(), BOUND);
    }
  }

  private Transcriber open(Attention attention) throws IOException {
    return Transcriber.open(SpeechData.model(model), new TranscriberOptions(attention, threads, 0));
  }

  private WordErrors compare(Transcript transcript) {
    return WordErrors.of(peerText, transcript.text());
  }

  /** Starling's. */
  @State(Scope.Benchmark)
  public static class Ours {
    @Param({"exact", "refined"})
    public String attention;

    private Transcriber transcriber;
    private Transcript transcript;
    private long processorNanos;

    @Setup
    public void setup(TranscribeBenchmark shape, Probe probe) throws IOException {
      int frames = Transcriber.frames(shape.samples.length);
      transcriber =
          shape.open(
              attention.equals("exact")
                  ? new FullAttention()
                  : new RefinedClusteredAttention(RefinedOptions.usualRotary(frames)));
      long end = System.nanoTime() + WARM_UP_NANOS;
      do {
        transcribe(shape.samples);
      } while (System.nanoTime() < end);
      var errors = shape.compare(transcript);
      probe.fact("frames", frames);
      probe.fact("words", errors.words());
      probe.fact("differing words", errors.errors());
    }

    private Transcript transcribe(float[] samples) {
      long before = Probe.processorNanos();
      transcript = transcriber.transcribe(samples);
      processorNanos = Probe.processorNanos() - before;
      return transcript;
    }

    @TearDown(Level.Iteration)
    public void record(Probe probe) {
      probe.fact("part front end", transcript.times().frontEnd() * 1e9);
      probe.fact("part encoder", transcript.times().encoder() * 1e9);
      probe.fact("part decoder", transcript.times().decoder() * 1e9);
      probe.fact("tokens", transcript.tokens().length);
      probe.fact("processor", processorNanos);
    }

    @TearDown
    public void tearDown() {
      transcriber.close();
    }
  }

  @Benchmark
  public Transcript starling(Ours ours) {
    return ours.transcribe(samples);
  }

  /** ONNX Runtime. */
  @State(Scope.Benchmark)
  public static class Onnx {
    private OnnxMoonshine peer;
    private OnnxMoonshine.Transcript transcript;
    private long processorNanos;

    @Setup
    public void setup(TranscribeBenchmark shape) throws Exception {
      peer = new OnnxMoonshine(SpeechData.graphs(shape.model), shape.threads);
    }

    private OnnxMoonshine.Transcript transcribe(float[] samples) throws Exception {
      long before = Probe.processorNanos();
      transcript = peer.transcribe(samples);
      processorNanos = Probe.processorNanos() - before;
      return transcript;
    }

    @TearDown(Level.Iteration)
    public void record(Probe probe) {
      probe.fact("part encoder", transcript.encoderNanos());
      probe.fact("part decoder", transcript.decoderNanos());
      probe.fact("tokens", transcript.tokens().length);
      probe.fact("processor", processorNanos);
    }

    @TearDown
    public void tearDown() throws Exception {
      peer.close();
    }
  }

  @Benchmark
  public OnnxMoonshine.Transcript onnxRuntime(Onnx peer) throws Exception {
    return peer.transcribe(samples);
  }
}
