package io.github.starling.kernel;

/** The logarithm that turns logits into logarithms of their softmax. */
public final class LogSumExp {
  private LogSumExp() {}

  /** Returns ln Σ e^x in double precision, without overflow. */
  public static double of(float[] values) {
    double highest = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      highest = Math.max(highest, value);
    }
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - highest);
    }
    return highest + Math.log(sum);
  }
}
