package io.github.starling.attention;

import io.github.starling.kernel.Profile;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Workers;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * Shares the heads of a call between threads.
 *
 * <p>With enough heads each thread takes whole ones, whose data stay in its cache; with few, all
 * threads share one head after another. The result is the same.
 */
final class SharedHeads {
  private final String name;
  private final HeadAttention.Factory factory;
  private final Workers.Task wholeHead = this::wholeHead;
  private HeadAttention[] states = {};
  private Workers workers;
  private boolean areHeadsWhole;
  private int dk;
  private int dv;
  private List<Head> heads;
  private double factor;
  private ObjIntConsumer<HeadAttention> listener;
  private Profile profile;

  /**
   * Takes what attends to a head.
   *
   * @param name of the attention, for profiles
   */
  SharedHeads(String name, HeadAttention.Factory factory) {
    this.name = name;
    this.factory = factory;
  }

  /**
   * Fills the output of every head.
   *
   * @param listener told the index of each head that is done, by any of the threads; or null
   */
  synchronized void attend(
      List<Head> heads, double scale, Workers workers, ObjIntConsumer<HeadAttention> listener) {
    Checks.call(heads, scale);
    if (heads.isEmpty()) {
      return;
    }
    var call = AttentionCall.begin(name, heads, workers);
    profile = AttentionCall.phases(call);
    this.heads = heads;
    this.listener = listener;
    factor = RowAttention.scoreFactor(scale);
    int threads = workers.threads();
    // Less than an eighth of the time is lost when the last round leaves threads idle.
    boolean whole = heads.size() % threads == 0 || heads.size() >= 8 * threads;
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

  private void wholeHead(int item, int worker) {
    attend(states[worker], item);
  }

  private void attend(HeadAttention state, int index) {
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
      listener.accept(state, index);
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
    states = new HeadAttention[whole ? workers.threads() : 1];
    for (int i = 0; i < states.length; i++) {
      // Workers of one thread start none and need no closing.
      states[i] = factory.create(dk, dv, whole ? new Workers(1) : workers);
    }
  }
}
