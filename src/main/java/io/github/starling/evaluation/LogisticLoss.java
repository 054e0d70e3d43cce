package io.github.starling.evaluation;

import java.util.Arrays;

/**
 * What multinomial logistic regression minimises, Σ −ln P(yᵢ | xᵢ) + penalty/2 · ‖W‖².
 *
 * <p>P(k | x) = softmax(W x + b)ₖ. The parameters are class by class a row of W and an element of
 * b, shape (classes, d + 1). O(n·d·classes) time.
 */
final class LogisticLoss implements Lbfgs.Function {
  private final double[][] items;
  private final int[] labels;
  private final int classes;
  private final double penalty;
  private final LogisticCurvature curvature;

  /**
   * Keeps the items.
   *
   * @param items shape (n, d), columns of mean 0
   * @param labels class of each item, shape (n)
   * @param classes how many there are
   * @param penalty on the squared weights
   */
  LogisticLoss(double[][] items, int[] labels, int classes, double penalty) {
    this.items = items;
    this.labels = labels;
    this.classes = classes;
    this.penalty = penalty;
    curvature = new LogisticCurvature(items, classes, penalty);
  }

  @Override
  public void divideByCurvature(double[] vector) {
    curvature.divide(vector);
  }

  @Override
  public double at(double[] parameters, double[] gradient) {
    int columns = parameters.length / classes;
    Arrays.fill(gradient, 0);
    double loss = 0;
    for (int i = 0; i < items.length; i++) {
      double[] scores = scores(parameters, items[i], classes);
      loss -= scores[labels[i]];
      loss += logSumExp(scores);
      for (int k = 0; k < classes; k++) {
        double slope = scores[k] - (k == labels[i] ? 1 : 0);
        addScaled(gradient, k * columns, slope, items[i]);
      }
    }
    for (int p = 0; p < parameters.length; p++) {
      boolean isBias = p % columns == columns - 1;
      if (!isBias) {
        loss += penalty / 2 * parameters[p] * parameters[p];
        gradient[p] += penalty * parameters[p];
      }
    }
    return loss;
  }

  /**
   * Returns W x + b.
   *
   * @param parameters shape (classes, d + 1)
   * @param x shape (d)
   * @return shape (classes)
   */
  static double[] scores(double[] parameters, double[] x, int classes) {
    var scores = new double[classes];
    for (int k = 0; k < classes; k++) {
      int row = k * (x.length + 1);
      scores[k] = parameters[row + x.length] + dot(parameters, row, x);
    }
    return scores;
  }

  /** Four sums hide the latency of the addition. */
  private static double dot(double[] parameters, int row, double[] x) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = 0;
    for (; j + 3 < x.length; j += 4) {
      a += parameters[row + j] * x[j];
      b += parameters[row + j + 1] * x[j + 1];
      c += parameters[row + j + 2] * x[j + 2];
      d += parameters[row + j + 3] * x[j + 3];
    }
    for (; j < x.length; j++) {
      a += parameters[row + j] * x[j];
    }
    return a + b + (c + d);
  }

  /** Turns scores into probabilities, and returns ln Σ exp of the scores. */
  private static double logSumExp(double[] scores) {
    double max = Arrays.stream(scores).max().orElseThrow();
    double sum = 0;
    for (int k = 0; k < scores.length; k++) {
      scores[k] = Math.exp(scores[k] - max);
      sum += scores[k];
    }
    for (int k = 0; k < scores.length; k++) {
      scores[k] /= sum;
    }
    return max + Math.log(sum);
  }

  private static void addScaled(double[] gradient, int row, double slope, double[] x) {
    for (int j = 0; j < x.length; j++) {
      gradient[row + j] += slope * x[j];
    }
    gradient[row + x.length] += slope;
  }
}
