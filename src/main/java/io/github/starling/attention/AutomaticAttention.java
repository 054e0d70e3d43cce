package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Attention within an accepted error: refined clustered where that is faster, exact where it must
 * be.
 *
 * <pre>
 * choose   settings of refined clustered attention           {@link Ladder}
 * pilot    a sixth of the heads by them, audited             far off: all heads are exact
 * attend   the other heads, audited                          {@link Audit}
 * redo     the heads that are furthest off, exactly, until the rest is within the accepted error
 * </pre>
 *
 * <p>The heads of a call, which should be those of one layer and one sequence, share the accepted
 * error √(Σ‖O′ − O‖² / Σ‖O‖²): two or three of twelve make most of it, and are cheap to redo. The
 * pilot keeps what is lost on heads without structure to a sixth of the time of the settings. The
 * error is known from a sample, so now and then it is above the accepted one, seldom by much. A
 * call depends on nothing but its arguments.
 */
public final class AutomaticAttention implements Attention {
  /**
   * The error that is accepted by default: the largest at which no task in {@code docs/accuracy.md}
   * is seen to be done worse. Questions, the hardest of them, lose 2 points of F1 at 0.04 and 4 at
   * 0.09; vectors of passages and speech bear 0.1 and more.
   */
  public static final double USUAL_ERROR = 0.025;

  /**
   * What settings and audited heads must have to spare. Layers differ from those that the settings
   * were measured on; audits are off by a seventh of the error, some by a quarter, and the heads
   * that are kept are those whose audit came out low. With 1.25 for both, 98 of 100 calls on real
   * layers are within the accepted error.
   */
  private static final double MARGIN = 1.25;

  /** A long head affords more exact queries, for a better estimate; see {@link #LONG_QUERIES}. */
  private static final int LONG = 1000;

  private static final int LONG_QUERIES = 24;

  /** Every so manieth head is of the pilot. */
  private static final int PILOT_STEP = 6;

  /** A pilot so many times above the accepted error is not worth going on. */
  private static final double HOPELESS = 3;

  private final double maxError;
  private final Consumer<AutomaticChoice> listener;
  private final FullAttention full = new FullAttention();
  private final Audit shortAudit = new Audit(Audit.USUAL_QUERIES);
  private final Audit longAudit = new Audit(LONG_QUERIES);
  private final Map<RefinedOptions, RefinedClusteredAttention> refined = new HashMap<>();

  // of a call, kept so that the next allocates nothing
  private final List<Head> exact = new ArrayList<>();
  private final List<Head> clustered = new ArrayList<>();
  private final List<Head> part = new ArrayList<>();
  private double[] differences = {};
  private double norm;

  /** Accepts {@link #USUAL_ERROR}. */
  public AutomaticAttention() {
    this(USUAL_ERROR);
  }

  /**
   * Takes what error is acceptable.
   *
   * @param maxError √(Σ‖O′ − O‖² / Σ‖O‖²) over the heads of a call
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public AutomaticAttention(double maxError) {
    this(maxError, null);
  }

  /**
   * Takes what error is acceptable, and who wants to know what is chosen.
   *
   * @param maxError √(Σ‖O′ − O‖² / Σ‖O‖²) over the heads of a call
   * @param listener told what each call chooses, on the thread that called, or null
   * @throws IllegalArgumentException if the error is not positive and finite
   */
  public AutomaticAttention(double maxError, Consumer<AutomaticChoice> listener) {
    if (!(maxError > 0 && maxError < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the accepted error must be positive and finite, not " + maxError);
    }
    this.maxError = maxError;
    this.listener = listener;
  }

  /** {@inheritDoc} Exact heads of all sequences are computed together. */
  @Override
  public synchronized void attendEach(
      List<Head> heads, int together, double scale, Workers workers) {
    Checks.call(heads, scale);
    Checks.together(together);
    exact.clear();
    for (int from = 0; from < heads.size(); from += together) {
      approximate(heads.subList(from, Math.min(from + together, heads.size())), scale, workers);
    }
    full.attend(exact, scale, workers);
  }

  @Override
  public synchronized void attend(List<Head> heads, double scale, Workers workers) {
    Checks.call(heads, scale);
    exact.clear();
    approximate(heads, scale, workers);
    full.attend(exact, scale, workers);
  }

  /** Attends to the heads of a sequence, except those that it adds to {@code exact}. */
  private void approximate(List<Head> heads, double scale, Workers workers) {
    int exactBefore = exact.size();
    var rung = divide(heads);
    double pilot = 0;
    boolean isHopeless = false;
    if (rung != null) {
      var attention = refined.computeIfAbsent(rung.options(), RefinedClusteredAttention::new);
      pilot = attend(attention, true, scale, workers);
      isHopeless = !(pilot <= HOPELESS * maxError);
      if (isHopeless) {
        addAllToExact();
      } else {
        attend(attention, false, scale, workers);
        addFurthest();
      }
    }
    if (listener != null) {
      var options = rung == null ? null : rung.options();
      double error = isHopeless ? pilot : error();
      int exactHeads = exact.size() - exactBefore;
      listener.accept(new AutomaticChoice(maxError, options, heads.size(), exactHeads, error));
    }
  }

  /** Puts heads into {@code clustered} where that may pay, else into {@code exact}. */
  private Rung divide(List<Head> heads) {
    clustered.clear();
    norm = 0;
    int shortest = Integer.MAX_VALUE;
    for (int h = 0; h < heads.size(); h++) {
      var head = heads.get(h);
      int length = Math.min(head.query().rows(), head.key().rows());
      if (length < Ladder.SHORTEST) {
        exact.add(head);
      } else {
        clustered.add(head);
        shortest = Math.min(shortest, length);
      }
    }
    if (clustered.isEmpty()) {
      return null;
    }
    int dk = clustered.getFirst().query().columns();
    var rung = Ladder.choose(shortest, dk, maxError / MARGIN);
    if (rung == null) {
      addAllToExact();
      clustered.clear();
    } else if (differences.length < clustered.size()) {
      differences = new double[clustered.size()];
    }
    return rung;
  }

  /** Attends to and audits the pilot or the other heads; returns the error of them together. */
  private double attend(Attention attention, boolean isPilot, double scale, Workers workers) {
    part.clear();
    for (int h = 0; h < clustered.size(); h++) {
      if (isPilot(h) == isPilot) {
        part.add(clustered.get(h));
      }
    }
    attention.attend(part, scale, workers);
    var audit = clustered.getFirst().query().rows() < LONG ? shortAudit : longAudit;
    audit.compare(part, scale, workers);
    double sum = 0;
    int next = 0;
    for (int h = 0; h < clustered.size(); h++) {
      if (isPilot(h) == isPilot) {
        differences[h] = audit.difference(next);
        sum += differences[h];
        norm += audit.norm(next++);
      }
    }
    return error(sum);
  }

  /** Unlike {@link List#addAll}, allocates nothing. */
  private void addAllToExact() {
    for (int h = 0; h < clustered.size(); h++) {
      exact.add(clustered.get(h));
    }
  }

  private static boolean isPilot(int head) {
    return head % PILOT_STEP == 0;
  }

  /** Adds to {@code exact} the fewest heads that leave the others within the accepted error. */
  private void addFurthest() {
    while (!(error() <= maxError / MARGIN)) {
      int furthest = 0;
      for (int h = 1; h < clustered.size(); h++) {
        if (Double.compare(differences[h], differences[furthest]) > 0) { // NaN is the furthest
          furthest = h;
        }
      }
      exact.add(clustered.get(furthest));
      differences[furthest] = 0;
    }
  }

  /** Returns the error of all that is not exact. */
  private double error() {
    double sum = 0;
    for (int h = 0; h < clustered.size(); h++) {
      sum += differences[h];
    }
    return error(sum);
  }

  private double error(double difference) {
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }
}
