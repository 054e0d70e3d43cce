package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.Embedding;
import io.github.starling.evaluation.AttentionOutputs;
import io.github.starling.evaluation.OutputError;
import io.github.starling.kernel.Workers;
import io.github.starling.transformer.AttentionObserver;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures kinds of attention within a model that reads a text.
 *
 * <p>Time and error of the attention itself are taken on the queries, keys and values of the run
 * with exact attention, so that all kinds get the same; the embedding is that of a run in which
 * every layer has the other attention.
 */
final class TextComparison {
  /** What the paper uses for text. */
  static final int USUAL_CLUSTERS = 25;

  /** Of the texts for which clustering is worth while in a model. */
  static final int USUAL_LENGTH = 512;

  /** What part of the measured time to run before, as the JVM compiles meanwhile. */
  private static final double WARM_UP = 0.4;

  private static final int FEWEST_RUNS = 3;
  private static final int MOST_RUNS = 15;

  private final Embedder embedder;
  private final String text;
  private final Workers workers;
  private final Attention full = new FullAttention();
  private final List<Contender> contenders = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private float[] exact;

  /**
   * What was found out about a kind.
   *
   * @param attentionSeconds attention of all layers
   * @param encodeSeconds the whole encoder
   * @param error of the attention's output, mean over the layers
   * @param cosine of the embedding to the exact one
   */
  record Result(
      AttentionKind kind,
      double attentionSeconds,
      double encodeSeconds,
      double error,
      double cosine) {}

  /** A kind and its measurements so far. */
  private static final class Contender {
    final AttentionKind kind;
    final Attention attention;
    final AttentionOutputs outputs = new AttentionOutputs();
    final Stopwatch attending = new Stopwatch();
    final Stopwatch encoding = new Stopwatch();
    final List<OutputError> errors = new ArrayList<>();
    double seconds;
    float[] vector;

    Contender(AttentionKind kind, Attention attention) {
      this.kind = kind;
      this.attention = attention;
    }
  }

  /**
   * Prepares.
   *
   * @param embedder reads a long text in windows
   * @param kinds what to measure, exact attention first
   * @param workers threads for the attention alone
   */
  TextComparison(
      Embedder embedder,
      String text,
      List<AttentionKind> kinds,
      AttentionOptions options,
      Workers workers) {
    this.embedder = embedder;
    this.text = text;
    this.workers = workers;
    for (var kind : kinds) {
      contenders.add(
          new Contender(
              kind, options.attention(kind, USUAL_CLUSTERS, RefinedOptions.usual(USUAL_LENGTH))));
    }
  }

  /**
   * Measures all kinds in turn.
   *
   * @param seconds how long, roughly; 0 for a single run without warm-up
   */
  List<Result> measure(double seconds) {
    embedder.embed(List.of(text), full, this::learn);
    repeat(WARM_UP * seconds, 0, Integer.MAX_VALUE);
    for (var contender : contenders) {
      contender.attending.reset();
      contender.encoding.reset();
    }
    repeat(seconds, seconds == 0 ? 1 : FEWEST_RUNS, MOST_RUNS);
    return contenders.stream().map(this::result).toList();
  }

  /** Returns the length of each window, once {@link #measure} is done. */
  List<Integer> lengths() {
    return lengths;
  }

  private void repeat(double limit, int fewest, int most) {
    long start = System.nanoTime();
    for (int run = 0;
        run < most && (run < fewest || (System.nanoTime() - start) * 1e-9 < limit);
        run++) {
      contenders.forEach(c -> c.seconds = 0);
      embedder.embed(List.of(text), full, this::time);
      for (var c : contenders) {
        c.attending.add(c.seconds);
        c.encoding.time(
            () ->
                c.vector =
                    embedder
                        .embed(List.of(text), c.attention, AttentionObserver.NONE)
                        .getFirst()
                        .vector());
      }
    }
    exact = contenders.getFirst().vector;
  }

  /** Notes the lengths and, of every layer, how far each kind is from exact. */
  private void learn(int layer, List<Head> heads, double scale) {
    if (layer == 0) {
      int perWindow = embedder.encoder().config().heads();
      for (int h = 0; h < heads.size(); h += perWindow) {
        lengths.add(heads.get(h).query().rows());
      }
    }
    for (var contender : contenders) {
      var redirected = contender.outputs.redirect(heads);
      contender.attention.attend(redirected, scale, workers);
      if (contender.errors.size() == layer) {
        contender.errors.add(new OutputError());
      }
      contender.errors.get(layer).add(redirected, heads);
    }
  }

  private void time(int layer, List<Head> heads, double scale) {
    for (var contender : contenders) {
      var redirected = contender.outputs.redirect(heads);
      long start = System.nanoTime();
      contender.attention.attend(redirected, scale, workers);
      contender.seconds += (System.nanoTime() - start) * 1e-9;
    }
  }

  private Result result(Contender contender) {
    return new Result(
        contender.kind,
        contender.attending.median(),
        contender.encoding.median(),
        contender.errors.stream().mapToDouble(OutputError::relative).average().orElse(0),
        Embedding.cosine(contender.vector, exact));
  }
}
