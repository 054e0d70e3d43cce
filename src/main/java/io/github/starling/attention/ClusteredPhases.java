package io.github.starling.attention;

import io.github.starling.kernel.PhaseClock;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Work;
import java.util.List;
import java.util.Locale;

/** Times the phases of {@link ClusteredHead} and knows the work of each. */
final class ClusteredPhases {
  /** The phases in their order. */
  enum Phase {
    HASH,
    CLUSTER,
    GROUP,
    AVERAGE,
    ATTEND,
    SPREAD;

    /** The name in a profile. */
    final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static final List<Phase> CLUSTERING = List.of(Phase.HASH, Phase.CLUSTER, Phase.GROUP);

  private final PhaseClock clock = new PhaseClock(Phase.values().length);
  private final ClusteredSettings settings;
  private final ClusterOptions options;
  private final int bits;
  private final int topK;
  private final int threads;
  private Profile profile;
  private ClusteringEvent event;

  /**
   * Prepares.
   *
   * @param bits B, that of the planes
   * @param threads that share each head
   */
  ClusteredPhases(ClusteredSettings settings, int bits, int threads) {
    this.settings = settings;
    options = settings.options();
    this.bits = bits;
    topK = settings.topK();
    this.threads = threads;
  }

  /** Begins the first phase of a head; without profile and recording nothing is timed. */
  void start(Profile profile) {
    this.profile = profile;
    event = Profile.mayBeRecorded() && ClusteringEvent.isOn() ? ClusteringEvent.started() : null;
    clock.start(profile != null || event != null);
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
      event.complete(head.query(), bits, options.clusters(), assignments, clustering);
    }
    if (profile != null) {
      for (var phase : Phase.values()) {
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
    double c = Math.min(options.clusters(), n);
    return switch (phase) {
      case HASH -> Work.flops(2 * n * dk * bits).and(Work.floats(n * dk));
      case CLUSTER -> Work.popcounts(n * c * assignments);
      case GROUP -> Work.floats(3 * n); // a key of two words in, a position out
      case AVERAGE -> Work.floats(n * dk);
      case ATTEND -> {
        double width = settings.isCausal() ? dk : dk + dv; // causal centroids only choose keys
        yield Work.flops(2 * c * m * width).and(Work.floats(m * width));
      }
      case SPREAD ->
          topK == 0
              ? Work.floats(n * dv)
              : Work.flops(2 * n * Math.min(topK, m) * (dk + dv)).and(Work.floats(n * (dk + dv)));
    };
  }
}
