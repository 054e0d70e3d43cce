package io.github.starling.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What automatic attention promises, on generated heads of every kind. */
class AutomaticAttentionTest {
  private static final int HEADS = 12;
  private static final int WIDTH = 32;
  private static final double SCALE = Attention.usualScale(WIDTH);

  private final Arena arena = Arena.ofAuto();
  private final Workers one = new Workers(1);
  private final List<AutomaticChoice> choices = new ArrayList<>();

  private float[][] attend(List<Head> heads, double maxError) {
    new AutomaticAttention(maxError, choices::add).attend(heads, SCALE, one);
    return outputs(heads);
  }

  private float[][] exact(List<Head> heads) {
    new FullAttention().attend(heads, SCALE, one);
    return outputs(heads);
  }

  /** Returns the rows of all heads. */
  private static float[][] outputs(List<Head> heads) {
    return heads.stream()
        .flatMap(head -> Arrays.stream(head.output().toArray()))
        .toArray(float[][]::new);
  }

  /** Heads whose queries lie around a few centres. */
  private List<Head> structured(int count, int n, long seed) {
    return mixed(count, n, seed, 0);
  }

  /**
   * The same, but queries of the last heads have no structure and weigh keys nearly evenly: what is
   * lost is large beside a mean of values that all but cancel.
   */
  private List<Head> mixed(int count, int n, long seed, int uniform) {
    var random = new RandomHeads(arena, seed);
    var heads = new ArrayList<Head>();
    for (int h = 0; h < count; h++) {
      var head = random.head(n, n, WIDTH, WIDTH, 1.2);
      var query = h < count - uniform ? head.query() : random.gaussian(n, WIDTH, 0.9);
      heads.add(new Head(query, head.key(), head.value(), head.output()));
    }
    return heads;
  }

  /** It is known from a sample: once in twenty calls it may be above, by a quarter at most. */
  @Test
  void theErrorIsWithinTheAcceptedOne() {
    int calls = 0;
    int within = 0;
    for (int uniform : new int[] {0, 1, 2, 4}) {
      for (int n : new int[] {450, 500, 512, 540, 600, 1100}) {
        for (double accepted : new double[] {0.1, 0.15, 0.2, 0.3}) {
          var heads = mixed(HEADS, n, n + uniform, uniform);
          float[][] exact = exact(heads);
          double error = AuditTest.trueError(attend(heads, accepted), exact);
          assertTrue(error <= 1.25 * accepted, n + ": " + error + ", " + choices.getLast());
          calls++;
          within += error <= accepted ? 1 : 0;
        }
      }
    }
    assertTrue(within >= 0.95 * calls, within + " of " + calls);
  }

  @Test
  void headsThatAreFarOffAreExactAndTheOthersNot() {
    var heads = mixed(HEADS, 512, 3, 2);
    float[][] exact = exact(heads);
    attend(heads, 0.15);
    var choice = choices.getLast();
    assertEquals(HEADS, choice.heads());
    assertTrue(choice.exactHeads() > 0 && choice.exactHeads() < HEADS, choice.toString());
    int same = 0;
    for (int h = 0; h < HEADS; h++) {
      float[][] wanted = Arrays.copyOfRange(exact, h * 512, (h + 1) * 512);
      same += Arrays.deepEquals(wanted, heads.get(h).output().toArray()) ? 1 : 0;
    }
    assertEquals(choice.exactHeads(), same);
    assertTrue(choice.toString().contains(" of 12 heads exact: error 0."), choice.toString());
  }

  @Test
  void headsWithoutStructureAreExactOnceTheirPilotIsKnown() {
    var heads = mixed(HEADS, 512, 4, HEADS);
    float[][] exact = exact(heads);
    assertArrayEquals(exact, attend(heads, 0.15));
    var choice = choices.getLast();
    assertEquals(HEADS, choice.exactHeads());
    assertTrue(choice.error() > 0.45, choice.toString());
    assertTrue(choice.toString().contains("on some heads"), choice.toString());
  }

  @Test
  void shortHeadsAreExactAndSoIsWhatNoSettingReaches() {
    for (var heads : List.of(structured(2, 399, 5), structured(2, 512, 5))) {
      double accepted = heads.getFirst().query().rows() < 400 ? 1 : 1e-4;
      float[][] exact = exact(heads);
      assertArrayEquals(exact, attend(heads, accepted));
      assertNull(choices.getLast().tried());
      assertTrue(choices.getLast().toString().startsWith("exact: nothing else pays"));
    }
  }

  @Test
  void longHeadsBesideShortAndEmptyOnes() {
    var heads = new ArrayList<>(structured(6, 512, 6));
    heads.addAll(structured(2, 30, 7));
    heads.addAll(structured(1, 0, 8));
    var keys = Matrix.allocate(arena, 0, WIDTH);
    var query = new RandomHeads(arena, 9).gaussian(500, WIDTH, 1);
    heads.add(new Head(query, keys, keys, Matrix.allocate(arena, 500, WIDTH)));
    float[][] exact = exact(heads);
    double error = AuditTest.trueError(attend(heads, 0.15), exact);
    assertTrue(error > 0 && error <= 0.15, "" + error);
    assertEquals(10, choices.getLast().heads());
    for (var row : heads.getLast().output().toArray()) {
      assertArrayEquals(new float[WIDTH], row);
    }
    new AutomaticAttention(0.15, choices::add).attend(List.of(), SCALE, one);
    assertEquals(0, choices.getLast().heads());
  }

  @Test
  void aQueryThatIsNotFiniteSpoilsItsRowOnly() {
    var heads = structured(6, 512, 10);
    heads.get(1).query().set(3, 0, Float.NaN);
    attend(heads, 0.3);
    for (int h = 0; h < 6; h++) {
      for (int i = 0; i < 512; i++) {
        assertEquals(h == 1 && i == 3, Float.isNaN(heads.get(h).output().get(i, 5)));
      }
    }
  }

  @Test
  void theBitsDependOnNeitherThreadsNorEarlierCalls() {
    var heads = mixed(HEADS, 600, 11, 2);
    float[][] alone = attend(heads, 0.15);
    for (int threads : new int[] {1, 2, 7}) {
      try (var workers = new Workers(threads);
          var shared = Arena.ofShared()) {
        var attention = new AutomaticAttention(0.15, choices::add);
        attention.attend(structured(3, 450, 12).reversed(), SCALE, one);
        var copies = heads.stream().map(head -> copy(head, shared)).toList();
        attention.attend(copies, SCALE, workers);
        assertArrayEquals(alone, outputs(copies), threads + " threads");
        assertEquals(choices.getFirst(), choices.getLast());
      }
    }
  }

  private static Head copy(Head head, Arena arena) {
    return new Head(
        Matrix.of(arena, head.query().toArray()),
        Matrix.of(arena, head.key().toArray()),
        Matrix.of(arena, head.value().toArray()),
        Matrix.allocate(arena, head.query().rows(), WIDTH));
  }

  @Test
  void sequencesDoNotDependOnEachOther() {
    var first = mixed(HEADS, 512, 13, 3);
    var second = structured(HEADS, 450, 14);
    float[][] alone = attend(second, 0.15);
    var both = new ArrayList<>(first);
    both.addAll(second);
    new AutomaticAttention(0.15, choices::add).attendEach(both, HEADS, SCALE, one);
    assertArrayEquals(alone, outputs(second));
    assertEquals(choices.getFirst(), choices.getLast());
    assertEquals(3, choices.size());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void anErrorThatCannotBeAccepted(double maxError) {
    var e = assertThrows(IllegalArgumentException.class, () -> new AutomaticAttention(maxError));
    assertEquals("the accepted error must be positive and finite, not " + maxError, e.getMessage());
  }
}
