package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Refined clustered attention: our own, several times nearer to exact than {@link
 * ImprovedClusteredAttention} at the same cost, without random numbers.
 *
 * <p>The keys are centred. Queries are clustered by sketches, eight numbers that say how they score
 * the keys. Within one budget, which the heads of a call share, the keys whose exact scores matter
 * most are exact for the members of a cluster; so are the keys near each query. One softmax over
 * all of them and the centroid's scores of the remainder gives the weights. O(n·(C + b + w)·(dk +
 * dv)) for C clusters, b exact keys and w window keys a query. Weights are not negative and sum to
 * 1; with C ≥ n, or b ≥ m, it is full attention, and computed as that. A query that holds a value
 * that is not finite gets a row of NaN and takes no part in its centroid. A head without keys gives
 * zeros. See docs/refined.md.
 */
public final class RefinedClusteredAttention implements Attention {
  private final RefinedHeads clustered;
  private final LongHeads longHeads;

  /**
   * Takes the options.
   *
   * @param options clusters, exact keys and window
   */
  public RefinedClusteredAttention(RefinedOptions options) {
    this(options, null);
  }

  private RefinedClusteredAttention(RefinedOptions options, RefinedIngredient missing) {
    boolean isAlone = missing == RefinedIngredient.SHARED_BUDGET;
    clustered = new RefinedHeads(options, missing, isAlone ? 1 : RefinedHeads.MOST_FLOATS);
    longHeads =
        new LongHeads(
            head ->
                head.query().rows() <= options.clusters()
                    || head.key().rows() <= options.exactKeys(),
            (heads, scale, workers) -> clustered.attend(heads, scale, workers, null));
  }

  /**
   * Returns an attention that lacks one ingredient, to measure what it is worth.
   *
   * @param missing which one
   * @param options clusters, exact keys and window
   */
  public static RefinedClusteredAttention without(
      RefinedIngredient missing, RefinedOptions options) {
    return new RefinedClusteredAttention(options, missing);
  }

  @Override
  public void attend(List<Head> heads, double scale, Workers workers) {
    longHeads.attend(heads, scale, workers);
  }

  @Override
  public void attendEach(List<Head> heads, int together, double scale, Workers workers) {
    longHeads.attendEach(heads, together, scale, workers);
  }

  /** Does the same by clusters whatever the length, and hands out what was done to each head. */
  void attend(List<Head> heads, double scale, Workers workers, RefinedTrace[] traces) {
    clustered.attend(heads, scale, workers, traces);
  }
}
