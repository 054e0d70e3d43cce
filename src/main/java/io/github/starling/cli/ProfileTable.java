package io.github.starling.cli;

import io.github.starling.kernel.MachineLimits;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Profile.Phase;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A profile as a person or a program reads it: of one run, on all threads together.
 *
 * <p>The time of a phase is its thread time divided by the threads, so that the phases and what is
 * outside them add up to the time of a run.
 *
 * @param profile of all runs, with the limits of a thread
 * @param threads that the runs had
 * @param seconds of all runs
 */
record ProfileTable(Profile profile, int threads, int runs, double seconds) {
  private static final String ROW = "%-14s %11s %7s %9s %9s %9s %9s";

  /** Prints a row for each phase, the whole, and the limits. */
  void print(PrintWriter out) {
    line(out, "phase", "time", "share", "GFLOP/s", "Gwords/s", "GB/s", "roofline");
    double inPhases = 0;
    for (var phase : profile.phases()) {
      inPhases += seconds(phase);
      line(out, phase, seconds(phase));
    }
    double rest = Math.max(0, seconds / runs - inPhases);
    line(out, "rest", time(rest), share(rest), "", "", "", "");
    line(out, profile.total(), seconds / runs);
    out.println();
    out.println(describe(profile.limits()));
  }

  private void line(PrintWriter out, Phase phase, double time) {
    var work = phase.work();
    line(
        out,
        phase.name(),
        time(time),
        share(time),
        rate(work.flops(), time),
        rate(work.popcounts(), time),
        rate(work.bytes(), time),
        phase.leastSeconds() == 0 ? "" : percent(phase.leastSeconds() / (time * runs * threads)));
  }

  private static void line(PrintWriter out, Object... cells) {
    out.println(String.format(Locale.ROOT, ROW, cells).stripTrailing());
  }

  private double seconds(Phase phase) {
    return phase.threadNanos() * 1e-9 / threads / runs;
  }

  private String rate(double work, double time) {
    return work == 0 ? "" : String.format(Locale.ROOT, "%.1f", 1e-9 * work / (time * runs));
  }

  private static String time(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.3f ms", seconds * 1e3)
        : String.format(Locale.ROOT, "%.3f s", seconds);
  }

  private String share(double time) {
    return percent(time * runs / seconds);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String describe(MachineLimits limits) {
    var bandwidths = limits.bandwidths();
    return String.format(
        Locale.ROOT,
        "A thread of this machine can do %.0f GFLOP/s, count the bits of %.0f Gwords/s, and read"
            + " %.0f GB/s%nfrom memory, %.0f from its nearest caches; the roofline is the share of"
            + " that which a phase reaches.",
        limits.flops() * 1e-9,
        limits.popcounts() * 1e-9,
        bandwidths.getLast().rate() * 1e-9,
        bandwidths.getFirst().rate() * 1e-9);
  }

  /** Returns phase, ms, gflops and roofline of each phase, for {@code Json}. */
  List<Map<String, Object>> json() {
    var rows = new ArrayList<Map<String, Object>>();
    for (var phase : profile.phases()) {
      var row = new LinkedHashMap<String, Object>();
      row.put("phase", phase.name());
      row.put("ms", 1e3 * seconds(phase));
      row.put("gflops", threads * phase.gigaflops());
      row.put("roofline", phase.roofline());
      rows.add(row);
    }
    return rows;
  }
}
