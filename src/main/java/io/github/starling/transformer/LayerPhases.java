package io.github.starling.transformer;

import io.github.starling.kernel.PhaseClock;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Work;
import io.github.starling.kernel.Workers;
import java.util.Locale;

/** Times the phases of an encoder and knows the work of each. */
final class LayerPhases {
  /** The phases in their order; a norm follows both the output and the feed-forward. */
  enum Phase {
    EMBEDDING,
    PROJECTION,
    /** In a profile it has the phases that it reports itself. */
    ATTENTION,
    /** What others do meanwhile; in no profile. */
    OBSERVER,
    OUTPUT,
    FEED_FORWARD,
    LAYER_NORM;

    /** The name in a profile. */
    final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private final PhaseClock clock = new PhaseClock(Phase.values().length);
  private final Workers workers;
  private int tokens;
  private int width;
  private Profile profile;
  private LayerEvent event;

  /** Prepares for the products of these workers, whose profile it fills. */
  LayerPhases(Workers workers) {
    this.workers = workers;
  }

  /**
   * Begins the embeddings of a call; without profile and recording nothing is timed.
   *
   * @param tokens n, of all sequences
   * @param width d
   */
  void startCall(int tokens, int width) {
    this.tokens = tokens;
    this.width = width;
    profile = workers.profile();
    event = null;
    clock.start(profile != null);
  }

  /** Begins a layer. */
  void startLayer() {
    event = Profile.mayBeRecorded() && LayerEvent.isOn() ? LayerEvent.started() : null;
    clock.start(profile != null || event != null);
  }

  /** Ends a phase and begins the next. */
  void end(Phase phase) {
    clock.end(phase.ordinal());
  }

  /** Reports the embeddings. */
  void reportEmbeddings() {
    if (profile != null) {
      // words and places are added and written
      add(profile, Phase.EMBEDDING, Work.floats(3.0 * tokens * width));
      profile.add(Phase.PROJECTION.label, 0, Work.NONE); // its place, before the attention's phases
    }
  }

  /**
   * Reports a layer.
   *
   * @param layer which, from 0
   * @param sequences of the call
   */
  void reportLayer(int layer, int sequences, LayerWeights weights) {
    if (!clock.isOn()) {
      return;
    }
    var phases = new Profile(profile == null ? null : profile.limits());
    add(phases, Phase.PROJECTION, work(weights.projections()));
    add(phases, Phase.OUTPUT, work(weights.output()));
    add(phases, Phase.FEED_FORWARD, work(weights.widen()).and(work(weights.narrow())));
    // x and the residual are read and x is written, twice
    add(phases, Phase.LAYER_NORM, Work.floats(6.0 * tokens * width));
    if (profile != null) {
      profile.add(phases);
    }
    if (event != null) {
      event.projection = nanos(Phase.PROJECTION);
      event.attention = nanos(Phase.ATTENTION);
      event.output = nanos(Phase.OUTPUT);
      event.feedForward = nanos(Phase.FEED_FORWARD);
      event.layerNorm = nanos(Phase.LAYER_NORM);
      event.complete(layer, sequences, tokens, width, phases.total());
    }
  }

  private void add(Profile to, Phase phase, Work work) {
    to.add(phase.label, nanos(phase) * workers.threads(), work);
  }

  private long nanos(Phase phase) {
    return clock.nanos(phase.ordinal());
  }

  private Work work(Dense layer) {
    return Work.product(tokens, layer.weights().inputs(), layer.weights().outputs());
  }
}
