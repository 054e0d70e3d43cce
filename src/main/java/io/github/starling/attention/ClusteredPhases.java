package io.github.starling.attention;

import io.github.starling.kernel.PhaseClock;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Work;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Times the phases of a head whose queries are clustered and knows the work of each. */
final class ClusteredPhases {
  /** The phases in their order. */
  enum Phase {
    CENTER,
    HASH,
    CLUSTER,
    GROUP,
    AVERAGE,
    ATTEND,
    SELECT,
    SPREAD;

    /** The name in a profile. */
    final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static final List<Phase> CLUSTERING = List.of(Phase.HASH, Phase.CLUSTER, Phase.GROUP);

  private final PhaseClock clock = new PhaseClock(Phase.values().length);
  private final Shape shape;
  private final int threads;
  private Profile profile;
  private ClusteringEvent event;

  /**
   * What decides the work beside the head.
   *
   * @param phases that there are
   * @param clusters C
   * @param bits of a signature, 0 where queries are sketched instead
   * @param directions of a sketch, 0 where queries are hashed
   * @param exact keys that each query scores by itself
   * @param window keys that it scores beside, for being near, where n = m
   * @param choosesOnly whether centroids only choose keys, and meet no value
   */
  record Shape(
      Set<Phase> phases,
      int clusters,
      int bits,
      int directions,
      int exact,
      int window,
      boolean choosesOnly) {}

  /**
   * Prepares.
   *
   * @param threads that share each head
   */
  ClusteredPhases(Shape shape, int threads) {
    this.shape = shape;
    this.threads = threads;
  }

  /** Begins the first phase of a head; without profile and recording nothing is timed. */
  void start(Profile profile) {
    this.profile = profile;
    event = Profile.mayBeRecorded() && ClusteringEvent.isOn() ? ClusteringEvent.started() : null;
    clock.start(profile != null || event != null);
  }

  /** Begins a phase after a wait for other heads. */
  void resume() {
    clock.resume();
  }

  /** Ends a phase and begins the next. */
  void end(Phase phase) {
    clock.end(phase.ordinal());
    if (phase == Phase.GROUP && event != null) {
      event.end();
    }
  }

  /**
   * Reports a head whose last phase has ended.
   *
   * @param assignments how often K-means assigned
   */
  void report(Head head, int assignments) {
    if (event != null) {
      var clustering = new Profile(profile == null ? null : profile.limits());
      for (var phase : CLUSTERING) {
        add(clustering, phase, head, assignments);
      }
      event.hash = clock.nanos(Phase.HASH.ordinal());
      event.cluster = clock.nanos(Phase.CLUSTER.ordinal());
      event.group = clock.nanos(Phase.GROUP.ordinal());
      event.complete(head.query(), shape.bits, shape.clusters, assignments, clustering);
    }
    if (profile != null) {
      for (var phase : shape.phases) {
        add(profile, phase, head, assignments);
      }
    }
  }

  private void add(Profile to, Phase phase, Head head, int assignments) {
    long nanos = clock.nanos(phase.ordinal());
    to.add(phase.label, nanos * threads, work(phase, head, assignments));
  }

  private Work work(Phase phase, Head head, int assignments) {
    double n = head.query().rows();
    double m = head.key().rows();
    double dk = head.query().columns();
    double dv = head.value().columns();
    double c = Math.min(shape.clusters, n);
    double exact = Math.min(shape.exact + (n == m ? shape.window : 0), m);
    return switch (phase) {
      case CENTER -> Work.floats(2 * m * (dk + dv)); // read and written
      case HASH ->
          Work.flops(2 * n * dk * (shape.bits + shape.directions)).and(Work.floats(n * dk));
      case CLUSTER ->
          shape.bits > 0
              ? Work.popcounts(n * c * assignments)
              : Work.flops(2 * n * c * shape.directions * assignments);
      case GROUP -> Work.floats(3 * n); // a key of two words in, a position out
      case AVERAGE -> Work.floats(n * dk);
      case ATTEND -> {
        double width = shape.choosesOnly ? dk : dk + dv;
        yield Work.flops(2 * c * m * width).and(Work.floats(m * width));
      }
      case SELECT -> Work.floats(c * m);
      case SPREAD ->
          shape.exact == 0
              ? Work.floats(n * dv)
              : Work.flops(2 * n * exact * (dk + dv)).and(Work.floats(n * (dk + dv)));
    };
  }
}
