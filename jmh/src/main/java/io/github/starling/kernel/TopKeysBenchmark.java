package io.github.starling.kernel;

import io.github.starling.attention.Attention;
import io.github.starling.attention.Head;
import io.github.starling.bench.Probe;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.reference.Doubles;
import io.github.starling.reference.MatrixProduct;
import io.github.starling.reference.Ranking;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The search for top keys within the pipeline: attention of some queries with it and without it.
 * What it costs is the difference.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
public class TopKeysBenchmark {
  private static final int ROWS = 96;

  @Param("8192")
  public int keys;

  @Param("32")
  public int k;

  private final Arena arena = Arena.ofShared();
  private Head head;
  private RowAttention rows;
  private TopKeys top;
  private TopKeys.ExactScores exactScores;
  private double[][] queries;
  private double[][] keyRows;
  private double factor;
  private final Runnable searching = this::withTopKeys;
  private final Runnable attending = this::without;
  private Runnable timed;

  @Setup
  public void setup(Probe probe) {
    var whole = RealHeads.load(arena, 1, keys, RealHeads.WIDTH).getFirst();
    head = RealHeads.sample(arena, whole, ROWS);
    factor = RowAttention.scoreFactor(Attention.usualScale(RealHeads.WIDTH));
    queries = Doubles.of(head.query());
    keyRows = Doubles.of(head.key());
    rows = new RowAttention(ROWS, RealHeads.WIDTH, RealHeads.WIDTH);
    top = new TopKeys(ROWS, k);
    exactScores = this::exactScore;
    withTopKeys();
    check();
    probe.fact("elements", (double) ROWS * keys);
  }

  private double exactScore(int row, int key) {
    double sum = 0;
    for (int d = 0; d < RealHeads.WIDTH; d++) {
      sum += queries[row][d] * keyRows[key][d];
    }
    return sum;
  }

  private void check() {
    double[][] scores = MatrixProduct.timesTransposed(queries, keyRows);
    var found = new int[k];
    for (int r = 0; r < ROWS; r++) {
      top.copySorted(r, exactScores, found);
      if (!Arrays.equals(found, Ranking.highest(scores[r], k))) {
        throw new IllegalStateException("row " + r + " has the wrong top keys");
      }
    }
  }

  /** Attention and the highest scores of each row. */
  @Benchmark
  public void withTopKeys() {
    timed = searching;
    rows.begin(head.query(), 0, ROWS, factor);
    for (int r = 0; r < ROWS; r++) {
      top.reset(r);
    }
    rows.attend(head.key(), head.value(), top, exactScores);
    for (int r = 0; r < ROWS; r++) {
      top.finish(r, exactScores);
    }
  }

  /** Attention alone. */
  @Benchmark
  public void without() {
    timed = attending;
    rows.begin(head.query(), 0, ROWS, factor);
    rows.attend(head.key(), head.value(), null, null);
  }

  @TearDown
  public void tearDown(Probe probe) {
    probe.recordAllocation(timed);
    arena.close();
  }
}
