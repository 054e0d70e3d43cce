package io.github.starling.attention;

import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Work;
import io.github.starling.kernel.Workers;
import java.util.List;
import java.util.function.Function;

/** The phases of one call, for the profile of its workers and for Flight Recorder. */
final class AttentionCall {
  private final String attention;
  private final List<Head> heads;
  private final Workers workers;
  private final Profile all;
  private final Profile phases;
  private final AttentionEvent event;
  private final long start;

  private AttentionCall(
      String attention, List<Head> heads, Workers workers, Profile all, AttentionEvent event) {
    this.attention = attention;
    this.heads = heads;
    this.workers = workers;
    this.all = all;
    this.event = event;
    phases = new Profile(all == null ? null : all.limits());
    start = System.nanoTime();
  }

  /** Begins a call, or returns null if nobody wants to know: then it costs nothing. */
  static AttentionCall begin(String attention, List<Head> heads, Workers workers) {
    var all = workers.profile();
    boolean isRecorded = Profile.mayBeRecorded() && AttentionEvent.isOn();
    if (all == null && !isRecorded) {
      return null;
    }
    var event = isRecorded ? AttentionEvent.started() : null;
    return new AttentionCall(attention, heads, workers, all, event);
  }

  /** Returns the phases of a call, or null if there is none. */
  static Profile phases(AttentionCall call) {
    return call == null ? null : call.phases;
  }

  /** Reports a call of one phase. */
  void end(Function<Head, Work> work) {
    for (var head : heads) {
      phases.add("attend", 0, work.apply(head));
    }
    phases.add("attend", (System.nanoTime() - start) * workers.threads(), Work.NONE);
    end();
  }

  /** Reports a call whose phases are filled in. */
  void end() {
    if (event != null) {
      event.complete(attention, heads, workers.threads(), phases);
    }
    if (all != null) {
      all.add(phases);
    }
  }
}
