package io.github.starling.attention;

import io.github.starling.kernel.Profile;
import io.github.starling.tensor.Matrix;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** What Flight Recorder keeps of the clustering of a head's queries. */
@Name("starling.Clustering")
@Label("Clustering")
@Category("Starling")
@Description("Clustering of the queries of a head: signatures, K-means, order by cluster")
@Enabled(false)
@StackTrace(false)
final class ClusteringEvent extends Event {
  private static final ClusteringEvent SWITCH = new ClusteringEvent();

  @Label("Queries")
  int queries;

  @Label("Query Width")
  int dk;

  @Label("Bits of a Signature")
  int bits;

  @Label("Clusters")
  int clusters;

  @Label("Assignments")
  @Description("Iterations of K-means; fewer than asked for if it settled before")
  int assignments;

  @Label("GFLOP/s")
  @Description("Billions of float32 operations a second, in all phases together")
  double gigaflops;

  @Label("Share of Roofline")
  @Description("Least time at the limits of the machine; not a number unless they were measured")
  @Percentage
  double roofline;

  @Label("Hash")
  @Timespan
  long hash;

  @Label("Cluster")
  @Timespan
  long cluster;

  @Label("Group")
  @Timespan
  long group;

  /** Tells whether somebody records these events. */
  static boolean isOn() {
    return SWITCH.isEnabled();
  }

  static ClusteringEvent started() {
    var event = new ClusteringEvent();
    event.begin();
    return event;
  }

  /** Records, once the times are filled in. */
  void complete(Matrix query, int bits, int clusters, int assignments, Profile profile) {
    queries = query.rows();
    dk = query.columns();
    this.bits = bits;
    this.clusters = clusters;
    this.assignments = assignments;
    gigaflops = profile.total().gigaflops();
    roofline = profile.total().roofline();
    commit();
  }
}
