package io.github.starling.kernel;

import java.util.Arrays;

/**
 * Times phases that follow each other, or reads no clock and does nothing.
 *
 * <p>Serves one thread at a time.
 */
public final class PhaseClock {
  private final long[] nanos;
  private boolean on;
  private long last;

  /** Makes a clock for phases 0 to {@code phases} − 1. */
  public PhaseClock(int phases) {
    nanos = new long[phases];
  }

  /** Forgets all times and begins a phase, if anybody wants to know. */
  public void start(boolean wanted) {
    on = wanted;
    if (on) {
      Arrays.fill(nanos, 0);
      last = System.nanoTime();
    }
  }

  /** Begins a phase after a pause, which is of none. */
  public void resume() {
    if (on) {
      last = System.nanoTime();
    }
  }

  /** Ends a phase and begins another. A phase that ends more than once has the sum of its times. */
  public void end(int phase) {
    if (on) {
      long now = System.nanoTime();
      nanos[phase] += now - last;
      last = now;
    }
  }

  /** Tells whether the clock runs. */
  public boolean isOn() {
    return on;
  }

  /** Returns the time of a phase since the start. */
  public long nanos(int phase) {
    return nanos[phase];
  }
}
