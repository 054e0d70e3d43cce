package io.github.starling.encoder;

import io.github.starling.attention.FullAttention;
import io.github.starling.bench.Agreement;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.DataFolder;
import io.github.starling.bench.peer.OnnxEncoder;
import io.github.starling.reference.Doubles;
import io.github.starling.tensor.Matrix;
import io.github.starling.transformer.AttentionObserver;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Whole encoders, token ids to token vectors.
 *
 * <p>Starling packs texts without padding. ONNX Runtime gets texts of like lengths together, padded
 * to the longest; both take some {@value #BATCH_TOKENS} tokens at once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class EncoderBenchmark {
  private static final int BATCH_TOKENS = 1024;
  private static final int LONGEST = 512;
  private static final double BOUND = 1e-4;

  /**
   * Kernels are interpreted for seconds before they are compiled; the report tells of that apart.
   */
  private static final long WARM_UP_NANOS = 5_000_000_000L;

  @Param({"minilm", "bert-base"})
  public String model;

  /** Tokens of one text, or how many texts of mixed lengths. */
  @Param({"16", "128", "512", "256 mixed"})
  public String text;

  @Param({"1", "2"})
  public int threads;

  private List<TokenSequence> texts;

  /** Draws tokens: random ids cost as much as words do. */
  @Setup
  public void setup(Probe probe) {
    var random = new Random(7);
    texts = new ArrayList<>();
    if (text.endsWith(" mixed")) {
      int count = Integer.parseInt(text.substring(0, text.indexOf(' ')));
      for (int i = 0; i < count; i++) {
        texts.add(draw(random, 1 + (int) Math.pow(LONGEST - 1, random.nextDouble())));
      }
    } else {
      texts.add(draw(random, Integer.parseInt(text)));
    }
    probe.fact("tokens", texts.stream().mapToInt(TokenSequence::length).sum());
  }

  private static TokenSequence draw(Random random, int length) {
    return TokenSequence.of(random.ints(length, 5, 1000).toArray());
  }

  /** Starling's. */
  @State(Scope.Benchmark)
  public static class Ours {
    private final Arena arena = Arena.ofShared();
    private final FullAttention attention = new FullAttention();
    private final List<List<TokenSequence>> batches = new ArrayList<>();
    private Encoder encoder;
    private Matrix out;

    @Setup
    public void setup(EncoderBenchmark shape) throws Exception {
      encoder = Encoder.open(DataFolder.path(shape.model), shape.threads);
      out = Matrix.allocate(arena, BATCH_TOKENS, encoder.config().hiddenSize());
      var batch = new ArrayList<TokenSequence>();
      for (var text : shape.texts) {
        if (tokens(batch) + text.length() > BATCH_TOKENS) {
          batches.add(batch);
          batch = new ArrayList<>();
        }
        batch.add(text);
      }
      batches.add(batch);
      check(shape);
      long end = System.nanoTime() + WARM_UP_NANOS;
      while (System.nanoTime() < end) {
        batches.forEach(this::encode);
      }
    }

    private static int tokens(List<TokenSequence> batch) {
      return batch.stream().mapToInt(TokenSequence::length).sum();
    }

    private void check(EncoderBenchmark shape) throws Exception {
      var text = shape.texts.getFirst();
      encode(List.of(text));
      try (var peer = new OnnxEncoder(shape.model, 1)) {
        var expected = Doubles.of(peer.encode(text.ids()));
        Agreement.check("the encoder", Agreement.error(out, expected), BOUND);
      }
    }

    private void encode(List<TokenSequence> batch) {
      encoder.encode(batch, attention, AttentionObserver.NONE, out.rows(0, tokens(batch)));
    }

    @TearDown
    public void tearDown() {
      encoder.close();
      arena.close();
    }
  }

  @Benchmark
  public void starling(Ours ours) {
    ours.batches.forEach(ours::encode);
  }

  /** ONNX Runtime with the graph that its own optimiser for transformers ends with. */
  @State(Scope.Benchmark)
  public static class Onnx {
    private OnnxEncoder encoder;
    private List<OnnxEncoder.Batch> batches;

    @Setup
    public void setup(EncoderBenchmark shape) throws Exception {
      encoder = new OnnxEncoder(shape.model, shape.threads);
      batches = encoder.batches(shape.ids(), BATCH_TOKENS);
    }

    @TearDown
    public void tearDown() throws Exception {
      encoder.close();
    }
  }

  private List<int[]> ids() {
    return texts.stream().map(TokenSequence::ids).toList();
  }

  @Benchmark
  public void onnxRuntime(Onnx peer) throws Exception {
    peer.encoder.run(peer.batches);
  }

  /** ONNX Runtime with the graph of MiniLM as it is published. */
  @State(Scope.Benchmark)
  public static class Published {
    private OnnxEncoder encoder;
    private List<OnnxEncoder.Batch> batches;

    @Setup
    public void setup(EncoderBenchmark shape) throws Exception {
      encoder = new OnnxEncoder(shape.model + "-published", shape.threads);
      batches = encoder.batches(shape.ids(), BATCH_TOKENS);
    }

    @TearDown
    public void tearDown() throws Exception {
      encoder.close();
    }
  }

  @Benchmark
  public void onnxRuntimePublished(Published peer) throws Exception {
    peer.encoder.run(peer.batches);
  }
}
