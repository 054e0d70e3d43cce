package io.github.starling.speech;

/** How loud a clip is, in frames of 20 ms from its begin; the last frame may be shorter. */
final class FrameEnergy {
  /** Samples of a frame. */
  static final int FRAME = Resampler.RATE / 50;

  private final double[] energies;

  FrameEnergy(float[] samples) {
    energies = new double[Math.ceilDiv(samples.length, FRAME)];
    for (int i = 0; i < energies.length; i++) {
      int from = i * FRAME;
      energies[i] = meanSquare(samples, from, from + Math.min(FRAME, samples.length - from));
    }
  }

  static double meanSquare(float[] samples, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return sum / (to - from);
  }

  /** Returns the mean over {@code reach} frames on each side of the begin of a frame. */
  double around(int frame, int reach) {
    int from = Math.max(0, frame - reach);
    int to = Math.min(energies.length, frame + reach);
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += energies[i];
    }
    return sum / (to - from);
  }
}
