package io.github.starling.attention;

import io.github.starling.kernel.Profile;
import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** What Flight Recorder keeps of a call of attention. */
@Name("starling.Attention")
@Label("Attention")
@Category("Starling")
@Description("A call of attention on any number of heads; phases are in thread time")
@Enabled(false)
@StackTrace(false)
final class AttentionEvent extends Event {
  private static final AttentionEvent SWITCH = new AttentionEvent();

  @Label("Attention")
  String attention;

  @Label("Heads")
  @Description("Heads of all sequences")
  int heads;

  @Label("Queries")
  @Description("Queries of a head, the most")
  int queries;

  @Label("Keys")
  @Description("Keys of a head, the most")
  int keys;

  @Label("Query Width")
  int dk;

  @Label("Value Width")
  int dv;

  @Label("Threads")
  int threads;

  @Label("GFLOP/s")
  @Description("Billions of float32 operations a second, of a thread")
  double gigaflops;

  @Label("Share of Roofline")
  @Description("Least time at the limits of the machine; not a number unless they were measured")
  @Percentage
  double roofline;

  @Label("Center")
  @Timespan
  long center;

  @Label("Hash")
  @Timespan
  long hash;

  @Label("Cluster")
  @Timespan
  long cluster;

  @Label("Group")
  @Timespan
  long group;

  @Label("Average")
  @Timespan
  long average;

  @Label("Attend")
  @Timespan
  long attend;

  @Label("Select")
  @Timespan
  long select;

  @Label("Spread")
  @Timespan
  long spread;

  /** Tells whether somebody records these events. */
  static boolean isOn() {
    return SWITCH.isEnabled();
  }

  static AttentionEvent started() {
    var event = new AttentionEvent();
    event.begin();
    return event;
  }

  /** Ends and records. */
  void complete(String name, List<Head> calledHeads, int usedThreads, Profile profile) {
    end();
    attention = name;
    heads = calledHeads.size();
    for (var head : calledHeads) {
      queries = Math.max(queries, head.query().rows());
      keys = Math.max(keys, head.key().rows());
    }
    dk = calledHeads.getFirst().query().columns();
    dv = calledHeads.getFirst().value().columns();
    threads = usedThreads;
    gigaflops = profile.total().gigaflops();
    roofline = profile.total().roofline();
    for (var phase : profile.phases()) {
      fill(phase);
    }
    commit();
  }

  private void fill(Profile.Phase phase) {
    long nanos = phase.threadNanos();
    switch (phase.name()) {
      case "center" -> center = nanos;
      case "hash" -> hash = nanos;
      case "cluster" -> cluster = nanos;
      case "group" -> group = nanos;
      case "average" -> average = nanos;
      case "attend" -> attend = nanos;
      case "select" -> select = nanos;
      case "spread" -> spread = nanos;
      default -> throw new AssertionError(phase.name());
    }
  }
}
