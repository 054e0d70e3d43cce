package io.github.starling.evaluation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Finds the minimum of a smooth function.
 *
 * <p>Limited-memory BFGS: Nocedal, Wright, "Numerical Optimization" (2006), algorithms 7.4, 7.5,
 * with backtracking until the value decreases enough (3.4). A step takes O(memory · parameters)
 * time apart from the function.
 */
final class Lbfgs {
  private static final int MEMORY = 10;
  private static final int MOST_STEPS = 10_000;
  private static final int MOST_HALVINGS = 60;
  private static final double SUFFICIENT_DECREASE = 1e-4;

  /** Relative error of a value that is a long sum; near the minimum all values are within it. */
  private static final double ROUNDING = 1e-13;

  private final Function function;
  private final Deque<Step> steps = new ArrayDeque<>();

  /** A smooth function of some parameters. */
  interface Function {
    /**
     * Returns the value.
     *
     * @param x parameters, not to be changed
     * @param gradient result, as long as x
     */
    double at(double[] x, double[] gradient);

    /**
     * Divides a vector by a guess of the second derivative, positive definite; by 1 if none is
     * known.
     *
     * @param vector as long as x, overwritten
     */
    default void divideByCurvature(double[] vector) {}
  }

  /** Where the search has come to. */
  private record Point(double[] x, double[] gradient, double value) {}

  /**
   * A past step.
   *
   * @param s change of the parameters
   * @param y change of the gradient
   * @param curvature s·y &gt; 0
   * @param scale of the inverse of the guessed second derivative that fits this step
   */
  private record Step(double[] s, double[] y, double curvature, double scale) {}

  private Lbfgs(Function function) {
    this.function = function;
  }

  /**
   * Walks downhill until the gradient is small.
   *
   * @param start parameters to start with
   * @param tolerance largest size of an element of the gradient at the end
   * @return the parameters of the minimum
   * @throws ArithmeticException if it does not get there, as when the function has no minimum
   */
  static double[] minimize(Function function, double[] start, double tolerance) {
    var search = new Lbfgs(function);
    var point = search.point(start);
    for (int step = 0; step < MOST_STEPS; step++) {
      if (largest(point.gradient) <= tolerance) {
        return point.x;
      }
      double[] direction = search.direction(point.gradient);
      // without past steps nothing tells the scale: change no parameter by more than 1
      double length = search.steps.isEmpty() ? 1 / Math.max(1, largest(direction)) : 1;
      var next = search.next(point, direction, length);
      search.remember(point, next);
      point = next;
    }
    throw new ArithmeticException("no minimum within " + MOST_STEPS + " steps");
  }

  private Point point(double[] x) {
    var gradient = new double[x.length];
    return new Point(x, gradient, function.at(x, gradient));
  }

  private Point next(Point from, double[] direction, double length) {
    double slope = dot(direction, from.gradient);
    for (int halving = 0; halving < MOST_HALVINGS; halving++) {
      double[] x = from.x.clone();
      add(x, length, direction);
      var to = point(x);
      double most = from.value + SUFFICIENT_DECREASE * length * slope;
      if (to.value <= most + ROUNDING * Math.abs(from.value)) {
        return to;
      }
      length /= 2;
    }
    throw new ArithmeticException("no step makes " + from.value + " less");
  }

  /** Returns −H∇f with the inverse Hessian H as the past steps show it. */
  private double[] direction(double[] gradient) {
    var direction = new double[gradient.length];
    add(direction, -1, gradient);
    var factors = new ArrayDeque<Double>();
    for (var step : steps) {
      double factor = dot(step.s, direction) / step.curvature;
      factors.push(factor);
      add(direction, -factor, step.y);
    }
    function.divideByCurvature(direction);
    if (!steps.isEmpty()) {
      double scale = steps.getFirst().scale;
      Arrays.setAll(direction, i -> scale * direction[i]);
    }
    for (var step : steps.reversed()) {
      add(direction, factors.pop() - dot(step.y, direction) / step.curvature, step.s);
    }
    return direction;
  }

  private void remember(Point from, Point to) {
    double[] s = to.x.clone();
    add(s, -1, from.x);
    double[] y = to.gradient.clone();
    add(y, -1, from.gradient);
    double curvature = dot(s, y);
    // other steps would make H point uphill
    if (curvature > 0) {
      double[] divided = y.clone();
      function.divideByCurvature(divided);
      steps.addFirst(new Step(s, y, curvature, curvature / dot(y, divided)));
      if (steps.size() > MEMORY) {
        steps.removeLast();
      }
    }
  }

  private static double largest(double[] vector) {
    return Arrays.stream(vector).map(Math::abs).max().orElse(0);
  }

  private static void add(double[] sum, double factor, double[] other) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * other[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
