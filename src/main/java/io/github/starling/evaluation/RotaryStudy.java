package io.github.starling.evaluation;

import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.ClusteredAttention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.kernel.Workers;
import io.github.starling.transformer.AttentionObserver;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How much of what a query looks for is where it looks, in a model whose queries and keys turn with
 * their positions.
 *
 * <p>On the heads that exact attention has for the longest input. Where the scores vary, {@link
 * ScoreVariance} tells. The spread is how far queries are from the median position of their
 * cluster, over n, with the clusters of clustered attention (arXiv:2007.04825 §3.2): 0.25 if
 * clusters have nothing to do with time, 1 / (4C) for C runs of consecutive positions.
 */
public final class RotaryStudy {
  /** Clusters whose spread is taken. */
  public static final int CLUSTERS = 25;

  private static final long SEED = 2020;

  private final int channels;
  private final Workers workers;
  private final AttentionOutputs outputs = new AttentionOutputs();
  private final ClusteredAttention clustered = new ClusteredAttention(ClusterOptions.of(CLUSTERS));
  private final Layer[] layers;
  private int width;

  /**
   * What was found out.
   *
   * @param channels of a head that turn
   * @param width dk of a head
   * @param length n of the input
   * @param layers in their order
   */
  public record Result(int channels, int width, int length, List<Layer> layers) {}

  /**
   * What was found out about a layer.
   *
   * @param channelShare of the variance of the scores that is in the rotated channels
   * @param offsetShare of the variance of the scores that the offset of key and query explains
   * @param spread mean |i − median position of the cluster of query i| / n, over the heads
   * @param randomSpread the same with the queries shuffled, clusters being as large
   */
  public record Layer(
      double channelShare, double offsetShare, double spread, double randomSpread) {}

  private RotaryStudy(Inputs inputs, Workers workers) {
    channels = inputs.rotaryChannels();
    layers = new Layer[inputs.layers()];
    this.workers = workers;
  }

  /**
   * Looks at every layer.
   *
   * @param inputs of a model with rotated channels, of which the longest is taken
   */
  static Result measure(Inputs inputs, Workers workers) {
    var study = new RotaryStudy(inputs, workers);
    int[] lengths = inputs.lengths();
    int longest = HeadStudy.longest(lengths)[0];
    AttentionObserver observer =
        (layer, heads, scale) -> study.layers[layer] = study.layer(heads, scale);
    inputs.encode(new int[] {longest}, new FullAttention(), observer);
    return new Result(study.channels, study.width, lengths[longest], List.of(study.layers));
  }

  private Layer layer(List<Head> heads, double scale) {
    width = heads.getFirst().query().columns();
    var assignments = new int[heads.size()][];
    clustered.attend(
        outputs.redirect(heads),
        scale,
        workers,
        (h, trace) -> assignments[h] = trace.assignment().clone());
    var variances = Stream.generate(ScoreVariance::new).limit(heads.size()).toList();
    workers.forEach(heads.size(), (h, _) -> variances.get(h).add(heads.get(h), channels));
    var variance = new ScoreVariance();
    variances.forEach(variance::add);
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    double spread = 0;
    double randomSpread = 0;
    for (int[] assignment : assignments) {
      spread += spread(assignment) / heads.size();
      shuffle(assignment, random);
      randomSpread += spread(assignment) / heads.size();
    }
    return new Layer(variance.channelShare(), variance.offsetShare(), spread, randomSpread);
  }

  /**
   * Returns the mean distance of positions from the median position of their cluster, over n.
   *
   * @param assignment cluster of each position
   */
  static double spread(int[] assignment) {
    double sum = 0;
    for (int cluster : Arrays.stream(assignment).distinct().toArray()) {
      int[] members =
          IntStream.range(0, assignment.length).filter(i -> assignment[i] == cluster).toArray();
      int median = members[members.length / 2]; // of an even number the upper: the sum is the same
      sum += Arrays.stream(members).map(i -> Math.abs(i - median)).sum();
    }
    return sum / assignment.length / assignment.length;
  }

  private static void shuffle(int[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
  }
}
