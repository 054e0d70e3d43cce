package io.github.starling.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.FlightRecorder;

/**
 * Where the time goes: the phases of one or many calls, each with its time and its work.
 *
 * <p>{@link Workers#profile} has a computation filled in. Times are thread time: a phase that two
 * threads share counts twice its duration, whether both were busy or not, so that the phases of
 * calls that use all threads add up to the duration times the threads. Any thread may add.
 */
public final class Profile {
  /** An image of the Java runtime may lack Flight Recorder. */
  private static final boolean HAS_RECORDER = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private final MachineLimits limits;
  private final Map<String, Phase> phases = new LinkedHashMap<>();

  /**
   * A phase and its sums over all calls.
   *
   * @param threadNanos thread time
   * @param leastSeconds thread time that the work takes at the limits of the machine; not a number
   *     if they are not known
   */
  public record Phase(String name, long threadNanos, Work work, double leastSeconds) {
    private Phase and(Phase other) {
      return new Phase(
          name,
          threadNanos + other.threadNanos,
          work.and(other.work),
          leastSeconds + other.leastSeconds);
    }

    /** Returns billions of float32 operations a second, of a thread. */
    public double gigaflops() {
      return work.flops() / Math.max(1, threadNanos);
    }

    /** Returns what part of the time the work had to take: 1 is as fast as the machine can be. */
    public double roofline() {
      return leastSeconds / (Math.max(1, threadNanos) * 1e-9);
    }
  }

  /**
   * Begins with no phase.
   *
   * @param limits of one thread, or null if nobody asks for least times
   */
  public Profile(MachineLimits limits) {
    this.limits = limits;
  }

  /**
   * Tells whether Flight Recorder is in use. Else classes of events should not even be loaded,
   * which would start it.
   */
  public static boolean mayBeRecorded() {
    return HAS_RECORDER && FlightRecorder.isInitialized();
  }

  /** Returns the limits, or null. */
  public MachineLimits limits() {
    return limits;
  }

  /**
   * Adds to a phase.
   *
   * @param threadNanos duration times the threads that it occupied
   * @param work what was done
   */
  public void add(String name, long threadNanos, Work work) {
    double least = limits == null ? Double.NaN : limits.leastSeconds(work);
    add(new Phase(name, threadNanos, work, least));
  }

  /** Adds all phases of another profile. */
  public void add(Profile other) {
    other.phases().forEach(this::add);
  }

  private synchronized void add(Phase phase) {
    phases.merge(phase.name(), phase, Phase::and);
  }

  /** Returns the phases in the order in which they were first added. */
  public synchronized List<Phase> phases() {
    return List.copyOf(phases.values());
  }

  /** Returns all phases together. */
  public Phase total() {
    var total = new Phase("all", 0, Work.NONE, 0);
    for (var phase : phases()) {
      total = total.and(phase);
    }
    return total;
  }
}
