package io.github.starling.evaluation;

import io.github.starling.attention.Attention;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.Head;
import io.github.starling.kernel.Workers;
import io.github.starling.transformer.AttentionObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which heads of a model resist an approximation, beside where their exact weights go. */
public final class HeadStudy {
  /** Sequences that are looked at; each head of each takes some tens of milliseconds. */
  private static final int SEQUENCES = 2;

  private HeadStudy() {}

  /**
   * What was found out about a head.
   *
   * @param layer from 0
   * @param head from 0
   * @param error ‖O′ − O‖ / ‖O‖ of the attention's output
   * @param shape of its exact weights
   */
  public record Result(int layer, int head, double error, Shape shape) {}

  /**
   * Where the exact weights of a head go, see {@link HeadShape}.
   *
   * @param entropy 0 for a single key, 1 for all keys alike
   * @param offset of the neighbour that gets the most weight
   * @param offsetShare of the weight on that neighbour
   * @param separatorShare of the weight on separators and the first token
   * @param topShare of the weight on the 32 keys with the most
   */
  public record Shape(
      double entropy, int offset, double offsetShare, double separatorShare, double topShare) {
    private static Shape of(HeadShape shape) {
      return new Shape(
          shape.entropy(),
          shape.offset(),
          shape.offsetShare(),
          shape.separatorShare() + shape.firstShare(),
          shape.topShare());
    }
  }

  /**
   * Looks at every head.
   *
   * @param inputs of which the longest are taken
   * @return layer by layer
   */
  static List<Result> measure(Inputs inputs, Attention attention, Workers workers) {
    int heads = inputs.heads();
    int count = inputs.layers() * heads;
    var shapes = IntStream.range(0, count).mapToObj(_ -> new HeadShape()).toList();
    var errors = IntStream.range(0, count).mapToObj(_ -> new OutputError()).toList();
    var outputs = new AttentionOutputs();
    for (int sequence : longest(inputs.lengths())) {
      int[] separators = inputs.separators(sequence);
      AttentionObserver observer =
          (layer, exact, scale) -> {
            var redirected = outputs.redirect(exact);
            attention.attend(redirected, scale, workers);
            workers.forEach(
                heads,
                (h, _) -> {
                  int i = layer * heads + h;
                  shapes.get(i).add(exact.get(h), scale, separators);
                  errors.get(i).add(one(redirected, h), one(exact, h));
                });
          };
      inputs.encode(new int[] {sequence}, new FullAttention(), observer);
    }
    var results = new ArrayList<Result>();
    for (int i = 0; i < count; i++) {
      results.add(
          new Result(i / heads, i % heads, errors.get(i).relative(), Shape.of(shapes.get(i))));
    }
    return results;
  }

  /** Returns which inputs are the longest, the longest first. */
  static int[] longest(int[] lengths) {
    return IntStream.range(0, lengths.length)
        .boxed()
        .sorted((a, b) -> Integer.compare(lengths[b], lengths[a]))
        .limit(SEQUENCES)
        .mapToInt(i -> i)
        .toArray();
  }

  private static List<Head> one(List<Head> heads, int h) {
    return heads.subList(h, h + 1);
  }
}
