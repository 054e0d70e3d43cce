package io.github.starling.evaluation;

/**
 * How well predicted classes agree with the true ones.
 *
 * @param predicted a class of each item, from 0
 * @param actual the true class of each item, from 0
 */
public record LabelAgreement(int[] predicted, int[] actual) {
  /**
   * Checks that each item has both classes.
   *
   * @throws IllegalArgumentException if not, or one is negative
   */
  public LabelAgreement {
    if (predicted.length != actual.length) {
      throw new IllegalArgumentException(
          "there are %d predicted but %d true classes".formatted(predicted.length, actual.length));
    }
    for (int i = 0; i < actual.length; i++) {
      if (predicted[i] < 0 || actual[i] < 0) {
        throw new IllegalArgumentException(
            "classes of item %d are negative: %d, %d".formatted(i, predicted[i], actual[i]));
      }
    }
  }

  /**
   * Returns the share of items whose predicted class is true.
   *
   * @param sample indices of items, at least one, some perhaps more than once
   * @throws IndexOutOfBoundsException if there is no such item
   */
  public double accuracy(int[] sample) {
    return (double) correct(sample) / sample.length;
  }

  /**
   * Returns the Matthews correlation coefficient, from −1 to 1; 0 if either side is one class only.
   *
   * <p>Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient"
   * (2004), R_K = (c·s − Σ pₖtₖ) / √((s² − Σ pₖ²)(s² − Σ tₖ²)), where c of s items are right and
   * class k is predicted pₖ and true tₖ times. With two classes it is that of Matthews (1975).
   *
   * @param sample indices of items, some perhaps more than once
   * @throws IndexOutOfBoundsException if there is no such item
   */
  public double matthews(int[] sample) {
    int classes = 0;
    for (int i : sample) {
      classes = Math.max(classes, 1 + Math.max(predicted[i], actual[i]));
    }
    var p = new long[classes];
    var t = new long[classes];
    for (int i : sample) {
      p[predicted[i]]++;
      t[actual[i]]++;
    }
    long s = sample.length;
    long covariance = correct(sample) * s;
    long varianceP = s * s;
    long varianceT = s * s;
    for (int k = 0; k < classes; k++) {
      covariance -= p[k] * t[k];
      varianceP -= p[k] * p[k];
      varianceT -= t[k] * t[k];
    }
    boolean isConstant = varianceP == 0 || varianceT == 0;
    return isConstant ? 0 : covariance / (Math.sqrt(varianceP) * Math.sqrt(varianceT));
  }

  private long correct(int[] sample) {
    long correct = 0;
    for (int i : sample) {
      correct += predicted[i] == actual[i] ? 1 : 0;
    }
    return correct;
  }
}
