package io.github.starling.evaluation;

import java.util.Arrays;
import java.util.Objects;

/**
 * A linear classifier that tells what the features of an encoder say of classes.
 *
 * <p>Multinomial logistic regression on features with mean 0 and deviation 1 in the training set.
 * What {@link #train} minimises, Σ −ln P(yᵢ | xᵢ) + penalty/2 · ‖W‖² with P(k | x) = softmax(W x +
 * b)ₖ, has one minimum: nothing is random, nothing needs tuning but the penalty. It takes O(n·d²)
 * time to prepare, and O(n·d·classes) for each of some tens of steps of L-BFGS.
 */
public final class LogisticRegression {
  /** Largest slope of the loss at the end, for each item. */
  private static final double TOLERANCE = 1e-7;

  private final Standardization standardization;
  private final int classes;
  private final double[] parameters;

  private LogisticRegression(Standardization standardization, int classes, double[] parameters) {
    this.standardization = standardization;
    this.classes = classes;
    this.parameters = parameters;
  }

  /**
   * Trains to convergence.
   *
   * @param features shape (n, d), n ≥ 1
   * @param labels class of each item, shape (n)
   * @param classes how many there are
   * @param penalty on the squared weights, &gt; 0; the biases b have none
   * @throws IllegalArgumentException if the shapes do not fit, a feature is not finite, or the
   *     penalty is not positive
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public static LogisticRegression train(
      float[][] features, int[] labels, int classes, double penalty) {
    if (features.length != labels.length || labels.length == 0) {
      throw new IllegalArgumentException(
          "cannot learn from %d items with %d labels".formatted(features.length, labels.length));
    }
    if (!(penalty > 0 && penalty < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the penalty must be positive, not " + penalty);
    }
    int d = features[0].length;
    for (int i = 0; i < labels.length; i++) {
      Objects.checkIndex(labels[i], classes);
      check(features[i], d);
    }
    var standardization = Standardization.of(features);
    var items = Arrays.stream(features).map(standardization::apply).toArray(double[][]::new);
    var loss = new LogisticLoss(items, labels, classes, penalty);
    double[] parameters =
        Lbfgs.minimize(loss, new double[classes * (d + 1)], TOLERANCE * labels.length);
    return new LogisticRegression(standardization, classes, parameters);
  }

  private static void check(float[] row, int d) {
    if (row.length != d) {
      throw new IllegalArgumentException(
          "an item has %d features but the first one %d".formatted(row.length, d));
    }
    for (float feature : row) {
      if (!Float.isFinite(feature)) {
        throw new IllegalArgumentException("a feature is " + feature);
      }
    }
  }

  /**
   * Returns the most probable class of each item, the lowest of equals.
   *
   * @param features shape (any, d)
   * @throws IllegalArgumentException if a row has not d features, or one is not finite
   */
  public int[] predict(float[][] features) {
    var predicted = new int[features.length];
    for (int i = 0; i < predicted.length; i++) {
      check(features[i], standardization.mean().length);
      double[] scores =
          LogisticLoss.scores(parameters, standardization.apply(features[i]), classes);
      for (int k = 1; k < classes; k++) {
        predicted[i] = scores[k] > scores[predicted[i]] ? k : predicted[i];
      }
    }
    return predicted;
  }

  /** Returns W with b as its last column, on standardised features; shape (classes, d + 1). */
  double[] parameters() {
    return parameters;
  }
}
