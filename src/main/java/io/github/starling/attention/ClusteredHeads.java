package io.github.starling.attention;

import io.github.starling.kernel.Profile;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Workers;
import java.util.List;

/**
 * Clustered attention of the heads of a call, of either of the paper's kinds, shared by threads.
 *
 * <p>With enough heads each thread takes whole ones, whose data stay in its cache; with few, all
 * threads share one head after another. The result is the same.
 */
final class ClusteredHeads {
  private final String name;
  private final ClusteredSettings settings;
  private final Workers.Task wholeHead = this::wholeHead;
  private ClusteredHead[] states = {};
  private Workers workers;
  private boolean areHeadsWhole;
  private int dk;
  private int dv;
  private List<Head> heads;
  private double factor;
  private HeadTrace.Listener listener;
  private Profile profile;

  /**
   * Takes the settings.
   *
   * @param name of the attention, for profiles
   */
  ClusteredHeads(String name, ClusteredSettings settings) {
    this.name = name;
    this.settings = settings;
  }

  /**
   * Fills the output of every head.
   *
   * @param listener takes what was done to each head, or is null
   */
  synchronized void attend(
      List<Head> heads, double scale, Workers workers, HeadTrace.Listener listener) {
    Checks.call(heads, scale);
    if (heads.isEmpty()) {
      return;
    }
    var call = AttentionCall.begin(name, heads, workers);
    profile = AttentionCall.phases(call);
    this.heads = heads;
    this.listener = listener;
    factor = RowAttention.scoreFactor(scale);
    boolean whole = areWhole(heads.size(), workers.threads());
    prepare(heads.getFirst(), workers, whole);
    if (whole) {
      workers.forEach(heads.size(), wholeHead);
    } else {
      for (int h = 0; h < heads.size(); h++) {
        attend(states[0], h);
      }
    }
    if (call != null) {
      call.end();
    }
  }

  /** Tells whether each thread should take whole heads. */
  static boolean areWhole(int heads, int threads) {
    // Less than an eighth of the time is lost when the last round leaves threads idle.
    return heads % threads == 0 || heads >= 8 * threads;
  }

  private void wholeHead(int item, int worker) {
    attend(states[worker], item);
  }

  private void attend(ClusteredHead state, int index) {
    var head = heads.get(index);
    if (head.query().rows() == 0) {
      return;
    }
    if (head.key().rows() == 0) {
      head.output().clear();
      return;
    }
    state.attend(head, factor, profile);
    if (listener != null) {
      listener.traced(index, state.trace());
    }
  }

  private void prepare(Head head, Workers workers, boolean whole) {
    int newDk = head.query().columns();
    int newDv = head.value().columns();
    if (states.length > 0
        && workers == this.workers
        && whole == areHeadsWhole
        && newDk == dk
        && newDv == dv) {
      return;
    }
    this.workers = workers;
    areHeadsWhole = whole;
    dk = newDk;
    dv = newDv;
    states = new ClusteredHead[whole ? workers.threads() : 1];
    for (int i = 0; i < states.length; i++) {
      // Workers of one thread start none and need no closing.
      states[i] = new ClusteredHead(settings, dk, dv, whole ? new Workers(1) : workers);
    }
  }
}
