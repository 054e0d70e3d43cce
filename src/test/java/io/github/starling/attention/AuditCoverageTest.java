package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How near the estimates of an audit are to the true error, over many layers of twelve heads. */
class AuditCoverageTest {
  private static final int DRAWS = 100;
  private static final int HEADS = 12;
  private static final int N = 512;
  private static final double SCALE = 0.25;

  private static final double[] TRUE = new double[DRAWS];
  private static final ErrorEstimate[] ESTIMATES = new ErrorEstimate[DRAWS];

  @BeforeAll
  static void draw() {
    var audit = new Audit(Audit.USUAL_QUERIES);
    try (var workers = new Workers(2)) {
      for (int draw = 0; draw < DRAWS; draw++) {
        try (var arena = Arena.ofShared()) {
          var random = new RandomHeads(arena, draw);
          var heads = new ArrayList<Head>();
          for (int h = 0; h < HEADS; h++) {
            // the heads of a layer differ: some look at a few keys, some at all
            heads.add(random.head(N, N, 16, 16, 0.5 + 0.1 * h));
          }
          new FullAttention().attend(heads, SCALE, workers);
          var exact = outputs(heads);
          var options = new ClusterOptions(25, 63, 10, true, draw, null, null);
          new ImprovedClusteredAttention(options, 32).attend(heads, SCALE, workers);
          TRUE[draw] = AuditTest.trueError(outputs(heads), exact);
          ESTIMATES[draw] = audit.measure(heads, SCALE, workers).all();
        }
      }
    }
  }

  /** Returns the rows of all heads. */
  private static float[][] outputs(List<Head> heads) {
    return heads.stream()
        .flatMap(head -> Arrays.stream(head.output().toArray()))
        .toArray(float[][]::new);
  }

  @Test
  void ninetyFiveOfAHundredAreNearTheTrueError() {
    int near = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double quotient = ESTIMATES[draw].error() / TRUE[draw];
      near += quotient >= 0.6 && quotient <= 1.7 ? 1 : 0;
    }
    assertTrue(near >= 0.95 * DRAWS, near + " of " + DRAWS);
  }

  @Test
  void theEstimateHasNoBiasAndItsStandardErrorIsRight() {
    double bias = 0;
    double square = 0;
    double variance = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double off = ESTIMATES[draw].error() - TRUE[draw];
      bias += off / DRAWS;
      square += off * off / DRAWS;
      variance += Math.pow(ESTIMATES[draw].standardError(), 2) / DRAWS;
    }
    double own = Math.sqrt(variance / DRAWS);
    String what = String.format(Locale.ROOT, "bias %.5f, standard error of it %.5f", bias, own);
    assertTrue(Math.abs(bias) <= 2 * own, what);
    double quotient = Math.sqrt(square / variance);
    assertTrue(quotient > 0.7 && quotient < 1.3, "off by " + quotient + " standard errors");
  }

  /** Its clusters start at some queries, which are then nearer to exact than the others. */
  @Test
  void refinedClustersAreNotAuditedWhereTheyStart() {
    var audit = new Audit(Audit.USUAL_QUERIES);
    var refined = new RefinedClusteredAttention(RefinedOptions.usual(N));
    double quotient = 0;
    int draws = 20;
    try (var workers = new Workers(2)) {
      for (int draw = 0; draw < draws; draw++) {
        try (var arena = Arena.ofShared()) {
          var random = new RandomHeads(arena, draw);
          var heads = new ArrayList<Head>();
          for (int h = 0; h < HEADS; h++) {
            heads.add(random.head(N, N, 16, 16));
          }
          new FullAttention().attend(heads, SCALE, workers);
          var exact = outputs(heads);
          refined.attend(heads, SCALE, workers);
          double error = AuditTest.trueError(outputs(heads), exact);
          quotient += audit.measure(heads, SCALE, workers).all().error() / error / draws;
        }
      }
    }
    assertEquals(1, quotient, 0.05);
  }
}
