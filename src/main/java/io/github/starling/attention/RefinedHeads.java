package io.github.starling.attention;

import io.github.starling.kernel.KeyBudget;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * Refined clustered attention of several heads, which share one budget of exact keys.
 *
 * <pre>
 * score    clusters, and how important each key is to each  {@link RefinedHead#score}
 * list     the keys that may be exact                        {@link RefinedHead#list}
 * attend   queries to exact keys, window and remainder       {@link RefinedHead#attend}
 * </pre>
 *
 * <p>Between them all heads must have come as far, for {@link KeyBudget} to say how important a key
 * must be. With enough heads each thread takes whole ones; with few, all threads share one head
 * after another. The result is the same.
 */
final class RefinedHeads {
  /** What heads that share a budget may keep together, 64 MB; more share it in equal parts. */
  static final long MOST_FLOATS = 1 << 24;

  private final RefinedOptions options;
  private final RefinedIngredient missing;
  private final long mostFloats;
  private final KeyBudget budget = new KeyBudget();
  private final Workers.Task scoring = this::score;
  private final Workers.Task listing = this::list;
  private final Workers.Task attending = this::attend;
  private final List<RefinedHead> states = new ArrayList<>();
  private final List<List<RefinedHead.Scratch>> scratch = new ArrayList<>();
  private Workers workers;
  private boolean areHeadsWhole;
  private int dk;
  private int dv;
  private List<Head> heads;
  private int first;
  private int count;
  private double factor;
  private Profile profile;
  private RefinedTrace[] traces;
  private int boundary;

  /**
   * Takes the options.
   *
   * @param missing what to do without, or null
   * @param mostFloats {@link #MOST_FLOATS}
   */
  RefinedHeads(RefinedOptions options, RefinedIngredient missing, long mostFloats) {
    this.options = options;
    this.missing = missing;
    this.mostFloats = mostFloats;
  }

  /**
   * Fills the output of every head.
   *
   * @param heads all with queries and keys
   * @param traces takes what was done to each head, or is null
   */
  synchronized void attend(List<Head> heads, double scale, Workers workers, RefinedTrace[] traces) {
    Checks.call(heads, scale);
    if (heads.isEmpty()) {
      return;
    }
    var call = AttentionCall.begin("refined-clustered", heads, workers);
    profile = AttentionCall.phases(call);
    this.heads = heads;
    factor = RowAttention.scoreFactor(scale);
    this.traces = traces;
    int parts = (int) Math.min(heads.size(), Math.ceilDiv(floats(), mostFloats));
    for (int part = 0; part < parts; part++) {
      first = (int) ((long) heads.size() * part / parts);
      count = (int) ((long) heads.size() * (part + 1) / parts) - first;
      attendTogether(workers);
    }
    if (call != null) {
      call.end();
    }
  }

  /** Returns about how many floats are kept of all heads. */
  private long floats() {
    long floats = 0;
    for (int h = 0; h < heads.size(); h++) {
      long m = heads.get(h).key().rows();
      long columns = heads.get(h).key().columns() + heads.get(h).value().columns();
      floats += m * (columns + options.clusters());
    }
    return floats;
  }

  /** Attends to the heads of a part. */
  private void attendTogether(Workers workers) {
    prepare(workers);
    forEachHead(scoring);
    if (states.getFirst().hasBudget()) {
      shareBudget();
    }
    forEachHead(attending);
  }

  private void shareBudget() {
    budget.begin();
    for (int h = 0; h < count; h++) {
      states.get(h).addRated(budget);
    }
    boundary = budget.boundary();
    forEachHead(listing);
    for (int h = 0; h < count; h++) {
      states.get(h).addListed(budget);
    }
    budget.edge();
    for (int h = 0; h < count; h++) {
      states.get(h).takeFrom(budget);
    }
  }

  private void forEachHead(Workers.Task task) {
    if (areHeadsWhole) {
      workers.forEach(count, task);
    } else {
      for (int h = 0; h < count; h++) {
        task.run(h, 0);
      }
    }
  }

  private void score(int item, int worker) {
    states.get(item).score(heads.get(first + item), factor, profile, scratch.get(worker));
  }

  private void list(int item, int worker) {
    states.get(item).list(boundary);
  }

  private void attend(int item, int worker) {
    states.get(item).attend(scratch.get(worker));
    if (traces != null) {
      traces[first + item] = states.get(item).trace();
    }
  }

  /** Makes sure of states, of scratch memory for each thread, and of who shares a head. */
  private void prepare(Workers workers) {
    int newDk = heads.getFirst().query().columns();
    int newDv = heads.getFirst().value().columns();
    int threads = workers.threads();
    boolean whole = ClusteredHeads.areWhole(count, threads);
    if (workers != this.workers || whole != areHeadsWhole || newDk != dk || newDv != dv) {
      states.clear();
      scratch.clear();
    }
    this.workers = workers;
    areHeadsWhole = whole;
    dk = newDk;
    dv = newDv;
    int atOnce = whole ? threads : 1;
    while (states.size() < count) {
      // Workers of one thread start none and need no closing.
      states.add(new RefinedHead(options, missing, dk, dv, whole ? new Workers(1) : workers));
    }
    while (scratch.size() < atOnce) {
      var own = new ArrayList<RefinedHead.Scratch>();
      for (int thread = 0; thread < threads / atOnce; thread++) {
        own.add(states.getFirst().scratch(dk, dv));
      }
      scratch.add(own);
    }
  }
}
