package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.kernel.Workers;
import io.github.starling.transformer.AttentionObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far kinds of attention are from exact on a model's own queries, keys and values, and what
 * they save.
 *
 * <p>All kinds get the heads of a run with exact attention. Their times come in turn, so that what
 * else the machine does meanwhile meets all alike.
 */
public final class AttentionStudy {
  /** Length of the sample's sequences together, about. */
  private static final int LENGTH = 2048;

  private static final int WARM_UP = 1;
  private static final int ROUNDS = 3;

  private final Inputs inputs;
  private final int[] sample;
  private final List<Contender> contenders = new ArrayList<>();

  /**
   * What was found out about a kind.
   *
   * @param errors ‖O′ − O‖ / ‖O‖ of the attention's output O′ against exact O, for each layer
   * @param attentionSpeedUp time of exact attention, all layers, over that of this kind
   * @param encoderSpeedUp the same for the whole encoder, NaN if only attention was timed
   */
  public record Result(double[] errors, double attentionSpeedUp, double encoderSpeedUp) {}

  private static final class Contender {
    final Attention attention;
    final AttentionOutputs outputs = new AttentionOutputs();
    final OutputError[] errors;
    final double[] attending = new double[WARM_UP + ROUNDS];
    final double[] encoding = new double[WARM_UP + ROUNDS];

    Contender(Attention attention, int layers) {
      this.attention = attention;
      errors = new OutputError[layers];
      Arrays.setAll(errors, _ -> new OutputError());
    }

    static double median(double[] seconds) {
      double[] sorted = Arrays.copyOfRange(seconds, WARM_UP, seconds.length);
      Arrays.sort(sorted);
      return sorted[sorted.length / 2];
    }
  }

  private AttentionStudy(Inputs inputs, List<Attention> attentions) {
    this.inputs = inputs;
    sample = sample(inputs.lengths());
    contenders.add(new Contender(new FullAttention(), inputs.layers()));
    attentions.forEach(a -> contenders.add(new Contender(a, inputs.layers())));
  }

  /**
   * Measures.
   *
   * @param inputs of which some thousand tokens or frames are taken, spread evenly
   * @param attentions what to compare with exact attention
   * @param workers for the attention alone
   * @return for each attention what was found
   */
  public static List<Result> measure(Inputs inputs, List<Attention> attentions, Workers workers) {
    return measure(inputs, attentions, workers, true);
  }

  /** Does the same but leaves the encoder's time out, which takes the longest. */
  public static List<Result> measureAttention(
      Inputs inputs, List<Attention> attentions, Workers workers) {
    return measure(inputs, attentions, workers, false);
  }

  private static List<Result> measure(
      Inputs inputs, List<Attention> attentions, Workers workers, boolean isEncoderTimed) {
    var study = new AttentionStudy(inputs, attentions);
    study.encode(
        new FullAttention(), (layer, heads, scale) -> study.learn(layer, heads, scale, workers));
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      study.timeAttention(round, workers);
      if (isEncoderTimed) {
        study.timeEncoder(round);
      }
    }
    return study.contenders.stream().skip(1).map(study::result).toList();
  }

  /** Chooses sequences that are some thousand long together, at least one, evenly from all. */
  static int[] sample(int[] lengths) {
    long all = Arrays.stream(lengths).asLongStream().sum();
    int count = (int) Math.ceil(lengths.length * Math.min(1, LENGTH / (double) all));
    var sample = new int[count];
    for (int i = 0; i < count; i++) {
      sample[i] = (int) ((long) i * lengths.length / count);
    }
    return sample;
  }

  private void encode(Attention attention, AttentionObserver observer) {
    inputs.encode(sample, attention, observer);
  }

  private void learn(int layer, List<Head> heads, double scale, Workers workers) {
    for (var contender : contenders) {
      var redirected = contender.outputs.redirect(heads);
      contender.attention.attend(redirected, scale, workers);
      contender.errors[layer].add(redirected, heads);
    }
  }

  private void timeAttention(int round, Workers workers) {
    encode(
        new FullAttention(),
        (_, heads, scale) -> {
          for (var contender : contenders) {
            var redirected = contender.outputs.redirect(heads);
            long start = System.nanoTime();
            contender.attention.attend(redirected, scale, workers);
            contender.attending[round] += (System.nanoTime() - start) * 1e-9;
          }
        });
  }

  private void timeEncoder(int round) {
    for (var contender : contenders) {
      long start = System.nanoTime();
      encode(contender.attention, AttentionObserver.NONE);
      contender.encoding[round] = (System.nanoTime() - start) * 1e-9;
    }
  }

  private Result result(Contender contender) {
    var exact = contenders.getFirst();
    return new Result(
        Arrays.stream(contender.errors).mapToDouble(OutputError::relative).toArray(),
        Contender.median(exact.attending) / Contender.median(contender.attending),
        Contender.median(exact.encoding) / Contender.median(contender.encoding));
  }
}
