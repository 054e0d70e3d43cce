package io.github.starling.evaluation;

import io.github.starling.attention.Head;
import io.github.starling.tensor.Matrix;
import java.util.List;

/** How far outputs of attention are from exact: ‖O′ − O‖ / ‖O‖ over all that is added. */
public final class OutputError {
  private double difference;
  private double norm;

  /** Starts with nothing added. */
  public OutputError() {}

  /**
   * Adds heads.
   *
   * @param heads with outputs O′
   * @param exact the same heads with outputs O
   * @throws IllegalArgumentException if the heads differ in number
   */
  public void add(List<Head> heads, List<Head> exact) {
    if (heads.size() != exact.size()) {
      throw new IllegalArgumentException(
          "there are %d heads but %d exact ones".formatted(heads.size(), exact.size()));
    }
    for (int h = 0; h < heads.size(); h++) {
      add(heads.get(h).output(), exact.get(h).output());
    }
  }

  /**
   * Adds one output.
   *
   * @param output O′
   * @param exact O, of the same shape
   */
  void add(Matrix output, Matrix exact) {
    float[][] o = exact.toArray();
    float[][] approximate = output.toArray();
    for (int i = 0; i < o.length; i++) {
      for (int d = 0; d < o[i].length; d++) {
        double off = (double) approximate[i][d] - o[i][d];
        difference += off * off;
        norm += (double) o[i][d] * o[i][d];
      }
    }
  }

  /** Returns ‖O′ − O‖². */
  double squaredDifference() {
    return difference;
  }

  /** Returns ‖O‖². */
  double squaredNorm() {
    return norm;
  }

  /** Returns the relative error: 0 if nothing differs, +∞ if only O is zero. */
  public double relative() {
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }
}
