package io.github.starling.cli;

import io.github.starling.attention.Audit;
import io.github.starling.attention.AutomaticChoice;
import io.github.starling.kernel.MachineLimits;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Workers;
import io.github.starling.model.Json;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/**
 * The time of attention alone, once the JVM has compiled it.
 *
 * @param stopwatch of the timed runs
 * @param table their phases, or null
 */
record AttendTiming(Stopwatch stopwatch, ProfileTable table) {
  /**
   * Warms up, by one run at least, and measures.
   *
   * @param attend one run on these workers
   * @param profiled whether to take the phases
   */
  static AttendTiming measure(Runnable attend, int runs, Workers workers, boolean profiled) {
    var limits = profiled ? MachineLimits.measure() : null;
    workers.profile(profiled ? new Profile(limits) : null); // to warm up that, too
    Stopwatch.warmUp(attend);
    var profile = profiled ? new Profile(limits) : null;
    workers.profile(profile);
    var stopwatch = new Stopwatch();
    for (int run = 0; run < runs; run++) {
      stopwatch.time(attend);
    }
    workers.profile(null);
    double seconds = Arrays.stream(stopwatch.seconds()).sum();
    return new AttendTiming(
        stopwatch, profiled ? new ProfileTable(profile, workers.threads(), runs, seconds) : null);
  }

  /**
   * What was timed.
   *
   * @param shape of the queries, as in the input
   * @param keys m
   * @param dv width of the values
   */
  record Subject(AttentionKind kind, List<Long> shape, int keys, int dv, int threads) {}

  /**
   * What else there is to say of a call.
   *
   * @param audit what an audit found, or null
   * @param choices of automatic attention for each sequence; empty for other kinds
   */
  record Findings(Audit.Result audit, List<AutomaticChoice> choices) {
    /** Prints a sentence for each. */
    void print(PrintWriter out) {
      for (int s = 0; s < choices.size(); s++) {
        String which = choices.size() == 1 ? "" : "sequence " + s + ": ";
        out.println("starling: " + which + choices.get(s));
      }
      if (audit != null) {
        out.println(AuditReport.sentence(audit));
      }
    }
  }

  /** Prints a line of JSON. */
  void printJson(Subject subject, Findings findings, PrintWriter out) {
    var line = new LinkedHashMap<String, Object>();
    line.put("attention", subject.kind().toString());
    line.put("shape", subject.shape());
    line.put("keys", subject.keys());
    line.put("dv", subject.dv());
    line.put("threads", subject.threads());
    // to the nanosecond, which is what the clock says
    double[] ms = Arrays.stream(stopwatch.seconds()).map(s -> Math.rint(s * 1e9) / 1e6).toArray();
    line.put("ms", Arrays.stream(ms).boxed().toList());
    line.put("median_ms", Stopwatch.median(ms));
    if (table != null) {
      line.put("phases", table.json());
    }
    if (!findings.choices.isEmpty()) {
      line.put("choices", findings.choices.stream().map(AuditReport::json).toList());
    }
    if (findings.audit != null) {
      line.put("audit", AuditReport.json(findings.audit));
    }
    out.println(Json.write(line));
  }

  /** Prints a sentence, and the phases if they were taken. */
  void print(Subject subject, PrintWriter out) {
    out.println(
        String.format(
            Locale.ROOT,
            "starling: %s attention, queries of shape %s, %d keys, %d thread%s: %s%.3f ms",
            subject.kind(),
            subject.shape(),
            subject.keys(),
            subject.threads(),
            subject.threads() == 1 ? "" : "s",
            stopwatch.runs() == 1 ? "" : "median of " + stopwatch.runs() + " runs ",
            1e3 * stopwatch.median()));
    if (table != null) {
      table.print(out);
    }
  }
}
