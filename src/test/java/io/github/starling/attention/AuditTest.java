package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {
  private static final ClusterOptions OPTIONS = new ClusterOptions(9, 63, 10, true, 1, null, null);
  private static final double SCALE = 0.3;

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);

  @ParameterizedTest
  @EnumSource
  void theEstimateIsThatOfTheReference(Kind kind) {
    var random = new RandomHeads(arena, 3);
    var heads =
        List.of(
            random.head(300, kind.keys(300, 70), 20, 12),
            random.head(300, kind.keys(300, 33), 20, 12),
            random.head(101, kind.keys(101, 90), 20, 12),
            random.head(
                10, kind.keys(10, 90), 20, 12), // where the eight positions are not distinct
            random.head(5, kind.keys(5, 90), 20, 12));
    kind.create(OPTIONS, 7).attend(heads, SCALE, one);
    var outputs = heads.stream().map(head -> head.output().toArray()).toList();
    var result = new Audit(8).measure(heads, SCALE, one);
    assertEquals(8, result.queries());
    assertEquals(heads.size(), result.heads().size());
    var naive = new ArrayList<double[][]>();
    for (int h = 0; h < heads.size(); h++) {
      naive.add(naive(heads.get(h), outputs.get(h), positions(heads.get(h).query().rows(), 8)));
      assertEstimate(
          naiveEstimate(naive.get(h), heads.get(h).query().rows()), result.heads().get(h));
    }
    // the first two heads share their positions
    var shared = new double[2][8];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 8; j++) {
        shared[i][j] = naive.get(0)[i][j] + naive.get(1)[i][j];
      }
    }
    var parts = new ArrayList<Part>();
    parts.add(new Part(shared, 300));
    for (int h = 2; h < heads.size(); h++) {
      parts.add(new Part(naive.get(h), heads.get(h).query().rows()));
    }
    assertEstimate(naiveEstimate(parts), result.all());
  }

  /** ‖O′ᵢ − Oᵢ‖² and ‖Oᵢ‖² of sampled rows, shape (2, r), and of how many they are a sample. */
  private record Part(double[][] squares, int n) {}

  private static double[] naiveEstimate(double[][] squares, int n) {
    return naiveEstimate(List.of(new Part(squares, n)));
  }

  /** Returns the error and its standard error, from the residuals of the ratio. */
  private static double[] naiveEstimate(List<Part> parts) {
    double x = 0;
    double y = 0;
    for (var part : parts) {
      double each = (double) part.n() / part.squares()[0].length;
      x += each * Arrays.stream(part.squares()[0]).sum();
      y += each * Arrays.stream(part.squares()[1]).sum();
    }
    double ratio = x / y;
    double variance = 0;
    for (var part : parts) {
      int r = part.squares()[0].length;
      var residuals =
          IntStream.range(0, r)
              .mapToDouble(j -> part.squares()[0][j] - ratio * part.squares()[1][j])
              .toArray();
      double mean = Arrays.stream(residuals).average().orElseThrow();
      double squares = Arrays.stream(residuals).map(e -> (e - mean) * (e - mean)).sum();
      double n = part.n();
      variance += r == n ? 0 : n * n * (1 - r / n) * squares / (r - 1) / r;
    }
    double error = Math.sqrt(ratio);
    return new double[] {error, error == 0 ? 0 : Math.sqrt(variance) / y / (2 * error)};
  }

  private static double[][] naive(Head head, float[][] output, int[] positions) {
    var twin = io.github.starling.reference.Head.of(head.query(), head.key(), head.value());
    var exact = io.github.starling.reference.FullAttention.attend(twin, SCALE);
    var squares = new double[2][positions.length];
    for (int j = 0; j < positions.length; j++) {
      for (int d = 0; d < exact[0].length; d++) {
        double o = exact[positions[j]][d];
        squares[0][j] += Math.pow(output[positions[j]][d] - o, 2);
        squares[1][j] += o * o;
      }
    }
    return squares;
  }

  private static void assertEstimate(double[] expected, ErrorEstimate actual) {
    assertEquals(expected[0], actual.error(), 1e-5 * expected[0] + 1e-6);
    assertEquals(expected[1], actual.standardError(), 1e-5 * expected[1] + 1e-6);
  }

  private static int[] positions(int n, int r) {
    return IntStream.range(0, Math.min(n, r))
        .map(j -> r >= n ? j : (int) Math.floor(n * ((j + 0.5) * 0.41421356237309503 % 1)))
        .distinct()
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 30})
  void auditedRowsAreThoseOfFullAttentionAndTheOthersStay(double spread) {
    for (int n : new int[] {1, 2, 7, 8, 9, 100, 385}) {
      for (int m : new int[] {1, 2, 5, 127, 130, 512, 700}) {
        for (int width : new int[] {1, 7, 16, 33, 64}) {
          var head = new RandomHeads(arena, n * m + width).head(n, m, width, 65 - width, spread);
          new FullAttention().attend(List.of(head), SCALE, one);
          var exact = head.output().toArray();
          fill(head.output(), 2);
          new Audit(8).measure(List.of(head), SCALE, one);
          var audited = new boolean[n];
          Arrays.stream(positions(n, 8)).forEach(i -> audited[i] = true);
          var two = new float[65 - width];
          Arrays.fill(two, 2);
          for (int i = 0; i < n; i++) {
            assertArrayEquals(
                audited[i] ? exact[i] : two,
                head.output().rows(i, 1).toArray()[0],
                "n %d, m %d, width %d, row %d".formatted(n, m, width, i));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 101, 1000})
  void withAsManyQueriesAsThereAreTheErrorIsTheTrueOne(int queries) {
    var head = new RandomHeads(arena, 5).head(100, 60, 20, 12);
    new ClusteredAttention(OPTIONS).attend(List.of(head), SCALE, one);
    var before = head.output().toArray();
    var result = new Audit(queries).measure(List.of(head), SCALE, one).all();
    var after = head.output().toArray();
    new FullAttention().attend(List.of(head), SCALE, one);
    assertArrayEquals(head.output().toArray(), after);
    assertEquals(trueError(before, after), result.error(), 1e-12);
    assertEquals(0, result.standardError());
  }

  static double trueError(float[][] output, float[][] exact) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int d = 0; d < exact[i].length; d++) {
        difference += Math.pow((double) output[i][d] - exact[i][d], 2);
        norm += Math.pow(exact[i][d], 2);
      }
    }
    return Math.sqrt(difference / norm);
  }

  @Test
  void fullAttentionHasNoError() {
    var random = new RandomHeads(arena, 6);
    var heads = List.of(random.head(500, 600, 20, 12), random.head(20, 3, 20, 12, 50));
    new FullAttention().attend(heads, SCALE, one);
    for (var estimate : new Audit(8).measure(heads, SCALE, one).heads()) {
      assertEquals(0, estimate.error());
      assertEquals(0, estimate.standardError());
    }
  }

  @Test
  void withoutQueriesKeysOrHeadsThereIsNoError() {
    var random = new RandomHeads(arena, 7);
    var heads = List.of(random.head(0, 9, 4, 3), random.head(9, 0, 4, 3), random.head(0, 0, 4, 3));
    new ClusteredAttention(OPTIONS).attend(heads, SCALE, one);
    var result = new Audit(4).measure(heads, SCALE, one);
    assertEquals(0, result.all().error());
    assertEquals(0, result.all().standardError());
    assertArrayEquals(new float[9][3], heads.get(1).output().toArray());
    assertEquals(0, new Audit(4).measure(List.of(), SCALE, one).all().error());
  }

  @Test
  void zerosHaveNoErrorAndWhatIsNotZeroThereAnInfiniteOne() {
    var head = new RandomHeads(arena, 8).head(50, 40, 4, 3);
    head.value().clear();
    var audit = new Audit(8);
    assertEquals(0, audit.measure(List.of(head), SCALE, one).all().error());
    fill(head.output(), 1);
    assertEquals(Double.POSITIVE_INFINITY, audit.measure(List.of(head), SCALE, one).all().error());
  }

  @Test
  void aQueryThatIsNotFiniteTellsNothing() {
    var head = new RandomHeads(arena, 9).head(50, 40, 4, 3);
    int audited = positions(50, 8)[2];
    head.query().set(audited, 1, Float.NaN);
    new ClusteredAttention(OPTIONS).attend(List.of(head), SCALE, one);
    var result = new Audit(8).measure(List.of(head), SCALE, one).all();
    assertTrue(result.error() > 0 && result.error() < 1, result.toString());
    assertTrue(Float.isNaN(head.output().get(audited, 0)));
    assertTrue(Float.isFinite(head.output().get(positions(50, 8)[1], 0)));
  }

  @Test
  void aRowThatIsWronglyNotANumberShows() {
    var head = new RandomHeads(arena, 10).head(50, 40, 4, 3);
    fill(head.output(), Float.NaN);
    var result = new Audit(8).measure(List.of(head), SCALE, one).all();
    assertTrue(Double.isNaN(result.error()));
  }

  @Test
  void oneQueryHasNoStandardError() {
    var head = new RandomHeads(arena, 11).head(50, 40, 4, 3);
    fill(head.output(), 1);
    var result = new Audit(1).measure(List.of(head), SCALE, one).all();
    assertTrue(result.error() > 0);
    assertTrue(Double.isNaN(result.standardError()));
  }

  @Test
  void threadsNeighboursAndEarlierCallsChangeNoBit() {
    var random = new RandomHeads(arena, 12);
    var heads = new ArrayList<Head>();
    for (int n : new int[] {800, 1, 0, 433, 69, 70, 6, 433}) {
      heads.add(random.head(n, 2 * n + 1, 20, 12));
    }
    var attention = new ClusteredAttention(OPTIONS);
    var alone = new ArrayList<ErrorEstimate>();
    var rows = new ArrayList<float[][]>();
    for (var head : heads) {
      attention.attend(List.of(head), SCALE, one);
      alone.add(new Audit(60).measure(List.of(head), SCALE, one).all());
      rows.add(head.output().toArray());
    }
    var audit = new Audit(60);
    ErrorEstimate all = null;
    for (int threads : new int[] {1, 2, 5}) {
      try (var workers = new Workers(threads)) {
        attention.attend(heads, SCALE, one);
        var result = audit.measure(heads, SCALE, workers);
        assertEquals(alone, result.heads());
        assertEquals(all == null ? result.all() : all, result.all());
        all = result.all();
        for (int h = 0; h < heads.size(); h++) {
          assertArrayEquals(rows.get(h), heads.get(h).output().toArray());
        }
      }
    }
    var wide = random.head(40, 30, 5, 3);
    audit.measure(List.of(wide), SCALE, one);
    attention.attend(heads, SCALE, one);
    assertEquals(all, audit.measure(heads, SCALE, one).all());
  }

  @Test
  void badArgumentsAreRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Audit(0));
    assertEquals("an audit takes at least 1 query, not 0", e.getMessage());
    var head = new RandomHeads(arena, 13).head(5, 4, 4, 3);
    assertThrows(IllegalArgumentException.class, () -> new Audit(1).measure(List.of(head), 0, one));
  }

  private static void fill(Matrix matrix, float value) {
    for (int r = 0; r < matrix.rows(); r++) {
      for (int c = 0; c < matrix.columns(); c++) {
        matrix.set(r, c, value);
      }
    }
  }
}
