package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.encoder.Encoder;
import io.github.starling.encoder.TokenSequence;
import io.github.starling.evaluation.AttentionOutputs;
import io.github.starling.evaluation.OutputError;
import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures attention alone on sequences that are longer than a model can read.
 *
 * <p>The model reads consecutive windows of the text; the queries, keys and values of one layer are
 * joined to sequences of any length. Their sizes and spread are those of real text, which the time
 * and the error of clustering depend on; what such a sequence would mean is not asked.
 */
final class LengthComparison implements AutoCloseable {
  /** What the paper uses for sequences of a thousand and more. */
  static final int USUAL_CLUSTERS = 100;

  /** Longest time for the repetitions of one kind at one length. */
  private static final double SECONDS = 3;

  private static final int MOST_RUNS = 5;

  private final Arena arena = Arena.ofShared();
  private final AttentionOutputs exactOutputs = new AttentionOutputs();
  private final AttentionOutputs outputs = new AttentionOutputs();
  private final int layer;
  private final List<Matrix> queries = new ArrayList<>();
  private final List<Matrix> keys = new ArrayList<>();
  private final List<Matrix> values = new ArrayList<>();
  private final int repetitions;
  private int filled;

  /**
   * What was found out about a kind.
   *
   * @param seconds of one run
   * @param error of the output
   */
  record Result(double seconds, double error) {}

  /**
   * Encodes windows until there are enough tokens.
   *
   * @param ids of the text, without the special tokens; used again from the start if too few
   * @param frame the special tokens before and after a window
   * @param longest how many tokens are needed
   */
  LengthComparison(Encoder encoder, int[] ids, int[] frame, int longest) {
    layer = encoder.config().layers() / 2;
    int d = encoder.config().hiddenSize();
    int dk = encoder.config().headSize();
    var joined = Matrix.allocate(arena, longest, 3 * d);
    for (int from = 0; from < d; from += dk) {
      queries.add(joined.columns(from, dk));
      keys.add(joined.columns(d + from, dk));
      values.add(joined.columns(2 * d + from, dk));
    }
    int positions = encoder.folder().maxSequenceLength();
    var out = Matrix.allocate(arena, positions, d);
    int used = 0;
    while (filled < longest) {
      var window = new int[positions];
      window[0] = frame[0];
      for (int i = 1; i < positions - 1; i++) {
        window[i] = ids[used++ % ids.length];
      }
      window[positions - 1] = frame[1];
      encoder.encode(List.of(TokenSequence.of(window)), new FullAttention(), this::collect, out);
    }
    repetitions = Math.ceilDiv(used, ids.length);
  }

  private void collect(int layer, List<Head> heads, double scale) {
    if (layer != this.layer) {
      return;
    }
    int count = Math.min(heads.getFirst().query().rows(), queries.getFirst().rows() - filled);
    for (int h = 0; h < heads.size(); h++) {
      copy(heads.get(h).query(), queries.get(h), count);
      copy(heads.get(h).key(), keys.get(h), count);
      copy(heads.get(h).value(), values.get(h), count);
    }
    filled += count;
  }

  private void copy(Matrix from, Matrix to, int count) {
    long bytes = (long) from.columns() * Float.BYTES;
    for (int r = 0; r < count; r++) {
      MemorySegment.copy(
          from.data(), from.byteOffset(r), to.data(), to.byteOffset(filled + r), bytes);
    }
  }

  /** Returns the layer that the queries, keys and values are from, from 0. */
  int layer() {
    return layer;
  }

  /**
   * Returns how many times the text was read, from the start each time; 1 if it was long enough.
   */
  int repetitions() {
    return repetitions;
  }

  /**
   * Measures.
   *
   * @param n length of the sequence
   * @param attentions what to measure, exact attention first
   * @return one result for each
   */
  List<Result> measure(int n, List<Attention> attentions, Workers workers) {
    var heads = new ArrayList<Head>();
    var none = Matrix.allocate(arena, n, values.getFirst().columns());
    for (int h = 0; h < queries.size(); h++) {
      heads.add(
          new Head(
              queries.get(h).rows(0, n), keys.get(h).rows(0, n), values.get(h).rows(0, n), none));
    }
    double scale = Attention.usualScale(queries.getFirst().columns());
    var results = new ArrayList<Result>();
    var exact = exactOutputs.redirect(heads);
    for (int a = 0; a < attentions.size(); a++) {
      var attention = attentions.get(a);
      var redirected = a == 0 ? exact : outputs.redirect(heads);
      var stopwatch = new Stopwatch();
      long start = System.nanoTime();
      do {
        stopwatch.time(() -> attention.attend(redirected, scale, workers));
      } while (stopwatch.runs() < MOST_RUNS && (System.nanoTime() - start) * 1e-9 < SECONDS);
      var error = new OutputError();
      error.add(redirected, exact);
      results.add(new Result(stopwatch.median(), error.relative()));
    }
    return results;
  }

  @Override
  public void close() {
    arena.close();
  }
}
