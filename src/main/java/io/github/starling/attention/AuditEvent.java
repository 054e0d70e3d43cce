package io.github.starling.attention;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What Flight Recorder keeps of an audit. */
@Name("starling.Audit")
@Label("Audit")
@Category("Starling")
@Description("The error of a call of attention, estimated from a few exact queries of each head")
@Enabled(false)
@StackTrace(false)
final class AuditEvent extends Event {
  private static final AuditEvent SWITCH = new AuditEvent();

  @Label("Heads")
  @Description("Heads of all sequences")
  int heads;

  @Label("Queries")
  @Description("Exact queries of a head, at most")
  int queries;

  @Label("Error")
  @Description("Relative error of the output of all heads together")
  double error;

  @Label("Standard Error")
  @Description("Of the error")
  double standardError;

  /** Tells whether somebody records these events. */
  static boolean isOn() {
    return SWITCH.isEnabled();
  }

  static AuditEvent started() {
    var event = new AuditEvent();
    event.begin();
    return event;
  }

  /** Ends and records. */
  void complete(Audit.Result result) {
    end();
    heads = result.heads().size();
    queries = result.queries();
    error = result.all().error();
    standardError = result.all().standardError();
    commit();
  }
}
