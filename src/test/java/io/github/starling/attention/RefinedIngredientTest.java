package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import io.github.starling.reference.ClusteredAttention;
import io.github.starling.reference.Clustering;
import io.github.starling.reference.MatrixProduct;
import io.github.starling.reference.Softmax;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Refined clustered attention without one of its ingredients, against the formulas. */
class RefinedIngredientTest {
  private static final int SHAPES = 150;
  private static final double SCALE = 0.3;

  /** Of float32 sums over values of about 1. */
  private static final double ROUNDING = 8e-5;

  /** A weight that ends where the numerators of float32 do. */
  private static final double NOTHING = 1e-30;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  /** What was done to a head, and the head in double precision. */
  private record Done(
      Head head,
      RefinedOptions options,
      RefinedTrace trace,
      io.github.starling.reference.Head twin,
      String what) {
    Clustering clustering() {
      return new Clustering(trace.assignment(), new long[options.clusters()]);
    }

    /** Tells of each query and key whether its score is exact. */
    boolean[][] exact() {
      int n = head.query().rows();
      int m = head.key().rows();
      var exact = new boolean[n][];
      for (int i = 0; i < n; i++) {
        exact[i] = trace.exact(m)[trace.assignment()[i]].clone();
        for (int t = 0; t < m && n == m && options.window() >= 0; t++) {
          exact[i][t] |= Math.abs(i - t) <= options.window() / 2;
        }
      }
      return exact;
    }

    /** Returns τ qᵢ·kₜ, the keys as they are, or τ q_c·kₜ. */
    double[][] scores(double[][] queries) {
      double[][] scores = MatrixProduct.timesTransposed(queries, twin.keys());
      for (double[] row : scores) {
        Arrays.setAll(row, t -> SCALE * row[t]);
      }
      return scores;
    }

    double[][] ownScores() {
      return scores(twin.queries());
    }

    /** Those of the centroid of each query. */
    double[][] sharedScores() {
      double[][] means = scores(clustering().means(twin.queries()));
      return Arrays.stream(trace.assignment()).mapToObj(c -> means[c]).toArray(double[][]::new);
    }

    void assertOutput(double[][] weights) {
      double[][] expected = MatrixProduct.times(weights, twin.values(), twin.valueWidth());
      for (int i = 0; i < expected.length; i++) {
        for (int d = 0; d < expected[i].length; d++) {
          double actual = head.output().get(i, d);
          assertEquals(expected[i][d], actual, ROUNDING, what + ", query " + i);
        }
      }
    }
  }

  private Done attend(Head head, RefinedOptions options, RefinedIngredient missing, String what) {
    var attention =
        missing == null
            ? new RefinedClusteredAttention(options)
            : RefinedClusteredAttention.without(missing, options);
    var traces = new RefinedTrace[1];
    attention.attend(List.of(head), SCALE, one, traces);
    var twin = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
    return new Done(head, options, traces[0], twin, what + ", without " + missing);
  }

  private Done attendRandom(RefinedIngredient missing, long seed) {
    var random = new Random(seed);
    int n = 1 + random.nextInt(120);
    int m = random.nextBoolean() ? n : 1 + random.nextInt(200);
    var options =
        new RefinedOptions(
            1 + random.nextInt(12),
            1 + random.nextInt(30),
            random.nextInt(4) == 0 ? -1 : random.nextInt(12));
    double spread = random.nextInt(3) == 0 ? 6 : 1; // sixes have scores without a bound
    var head = new RandomHeads(arena, seed).head(n, m, 1 + random.nextInt(40), 7, spread);
    return attend(head, options, missing, "seed " + seed + ", " + options);
  }

  private static double[][] refined(Done done) {
    return io.github.starling.reference.RefinedClusteredAttention.weights(
        done.twin,
        done.clustering(),
        done.trace.exact(done.head.key().rows()),
        done.options.window(),
        SCALE);
  }

  @Test
  void withoutCentringScoresAreOfTheKeysAsTheyAre() {
    for (long seed = 0; seed < SHAPES; seed++) {
      var done = attendRandom(RefinedIngredient.CENTRED_KEYS, seed);
      double[][] logits = done.sharedScores();
      double[][] own = done.ownScores();
      boolean[][] exact = done.exact();
      for (int i = 0; i < logits.length; i++) {
        int query = i;
        double[] shared = logits[i];
        logits[i] = new double[shared.length];
        Arrays.setAll(logits[i], t -> exact[query][t] ? own[query][t] : shared[t]);
        logits[i] = Softmax.of(logits[i]);
      }
      done.assertOutput(logits);
    }
  }

  @Test
  void keysThatHaveNoMeanNeedNoCentring() {
    var head = new RandomHeads(arena, 1).head(200, 64, 12, 5);
    for (int t = 32; t < 64; t++) { // opposites of the others, exactly
      for (int d = 0; d < 12; d++) {
        float whole = Math.round(64 * head.key().get(t, d)) / 64f;
        head.key().set(t, d, whole);
        head.key().set(t - 32, d, -whole);
      }
    }
    var options = new RefinedOptions(7, 5, 4);
    attend(head, options, null, "");
    float[][] refined = head.output().toArray();
    attend(head, options, RefinedIngredient.CENTRED_KEYS, "");
    assertArrayEquals(refined, head.output().toArray());
  }

  @Test
  void withoutSketchesClustersAreThoseOfThePaper() {
    for (long seed = 0; seed < SHAPES; seed++) {
      var done = attendRandom(RefinedIngredient.SKETCHES, seed);
      done.assertOutput(refined(done));
      var traces = new HeadTrace[1];
      new ImprovedClusteredAttention(ClusterOptions.of(done.options.clusters()), 1)
          .attend(List.of(done.head), SCALE, one, (index, trace) -> traces[index] = trace);
      assertArrayEquals(traces[0].assignment(), done.trace.assignment(), done.what);
    }
  }

  @Test
  void withoutImportanceEachClusterHasTheKeysThatItsCentroidGivesMostTo() {
    for (long seed = 0; seed < SHAPES; seed++) {
      var done = attendRandom(RefinedIngredient.IMPORTANCE, seed);
      done.assertOutput(refined(done));
      int m = done.head.key().rows();
      double[][] weights = ClusteredAttention.weights(done.twin, done.clustering(), SCALE);
      boolean[][] exact = done.trace.exact(m);
      for (int i = 0; i < weights.length; i++) {
        int c = done.trace.assignment()[i];
        assertTrue(done.trace.exactKeys()[c].length <= done.options.exactKeys(), done.what);
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int t = 0; t < m; t++) {
          least = exact[c][t] ? Math.min(least, weights[i][t]) : least;
          most = exact[c][t] ? most : Math.max(most, weights[i][t]);
        }
        boolean isFull = done.trace.exactKeys()[c].length == Math.min(m, done.options.exactKeys());
        assertTrue(isFull || most < NOTHING, done.what + ": cluster " + c + " could have more");
        assertTrue(most <= Math.max(least, NOTHING) * 1.001, done.what + ": left " + most);
      }
    }
  }

  @Test
  void withoutTheJointSoftmaxExactKeysShareOutWhatTheCentroidGivesThem() {
    for (long seed = 0; seed < SHAPES; seed++) {
      var done = attendRandom(RefinedIngredient.JOINT_SOFTMAX, seed);
      double[][] own = done.ownScores();
      double[][] weights = done.sharedScores();
      boolean[][] exact = done.exact();
      for (int i = 0; i < weights.length; i++) {
        int query = i;
        weights[i] = Softmax.of(weights[i]);
        Arrays.setAll(own[i], t -> exact[query][t] ? own[query][t] : Double.NEGATIVE_INFINITY);
        double mass = 0;
        for (int t = 0; t < own[i].length; t++) {
          mass += exact[i][t] ? weights[i][t] : 0;
        }
        double[] shares = mass == 0 ? null : Softmax.of(own[i]);
        for (int t = 0; t < own[i].length; t++) {
          weights[i][t] = exact[i][t] ? mass * shares[t] : weights[i][t];
        }
      }
      done.assertOutput(weights);
    }
  }

  /** In clusters of one query both sums are the same. */
  @Test
  void aQueryAloneNeedsNoJointSoftmax() {
    var head = new RandomHeads(arena, 2).head(40, 40, 12, 5);
    var done = attend(head, new RefinedOptions(40, 3, 4), RefinedIngredient.JOINT_SOFTMAX, "alone");
    done.assertOutput(io.github.starling.reference.FullAttention.weights(done.twin, SCALE));
  }
}
