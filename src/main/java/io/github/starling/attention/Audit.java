package io.github.starling.attention;

import io.github.starling.kernel.GatheredAttention;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.RowAttention;
import io.github.starling.kernel.Work;
import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures how far the outputs of any kind of attention are from exact, by a few exact queries.
 *
 * <p>r queries of each head are computed exactly, at positions spread over the sequence; see {@link
 * ErrorEstimate}. Their rows of the output stay exact: bit for bit those of {@link FullAttention},
 * except that where ‖q‖‖k‖ is within rounding of the bound that {@code kernel.OnlineSoftmax} tells
 * two ways apart by, the last bits may differ. O(r·m·(dk + dv)).
 *
 * <p>An instance keeps scratch memory between calls, so a second call of the same shape allocates
 * nothing but its result; it serves one call at a time. The result has the same bits on any number
 * of threads.
 */
public final class Audit {
  /** Queries of a head by default. */
  public static final int USUAL_QUERIES = 8;

  /**
   * √2 − 1, the silver ratio: steps of it never repeat, and are not the golden ones of {@link
   * io.github.starling.kernel.GoldenSteps}, where clusters start: rows there are nearer to exact
   * than others.
   */
  private static final double STEP = 0.41421356237309503;

  /** Exact queries that share the packing of keys. */
  private static final int BLOCK = 48;

  private final int queries;
  private final Workers.Task body = this::audit;
  private final ThreadScratch<Scratch> scratch;
  private List<Head> heads;
  private double factor;
  private int[] starts = new int[1];
  private int[] positions = {};
  private boolean[] taken = {};
  private double[] differences = {};
  private double[] norms = {};

  /** What a thread needs for a head. */
  private record Scratch(GatheredAttention exact, float[] row) {}

  /**
   * What an audit found.
   *
   * @param queries r, exact queries of each head at most
   * @param all error of all heads together
   * @param heads error of each head
   */
  public record Result(int queries, ErrorEstimate all, List<ErrorEstimate> heads) {}

  /**
   * Takes the option.
   *
   * @param queries r, exact queries of each head; all of them if there are no more
   * @throws IllegalArgumentException if r is less than 1
   */
  public Audit(int queries) {
    if (queries < 1) {
      throw new IllegalArgumentException("an audit takes at least 1 query, not " + queries);
    }
    this.queries = queries;
    int capacity = Math.min(queries, BLOCK);
    scratch =
        new ThreadScratch<>(
            (dk, dv) -> new Scratch(new GatheredAttention(capacity, dk, dv), new float[dv]));
  }

  /**
   * Compares the outputs of heads with exact ones, and puts those in their place.
   *
   * <p>A query whose exact row is not finite tells nothing and counts as a row of zeros.
   *
   * @param heads whose outputs {@link Attention#attend} has filled
   * @param scale τ of that call
   * @param workers threads to share the work, a head each
   * @throws IllegalArgumentException if widths differ between heads or the scale is not positive
   */
  public synchronized Result measure(List<Head> heads, double scale, Workers workers) {
    boolean isRecorded = Profile.mayBeRecorded() && AuditEvent.isOn();
    var event = isRecorded ? AuditEvent.started() : null;
    compare(heads, scale, workers);
    var result = result();
    if (event != null) {
      event.complete(result);
    }
    return result;
  }

  /** Does all of {@link #measure} that allocates nothing. */
  synchronized void compare(List<Head> heads, double scale, Workers workers) {
    Checks.call(heads, scale);
    var profile = workers.profile();
    long start = profile == null ? 0 : System.nanoTime();
    this.heads = heads;
    factor = RowAttention.scoreFactor(scale);
    choosePositions();
    if (!heads.isEmpty()) {
      scratch.prepare(heads.getFirst(), workers.threads());
      workers.forEach(heads.size(), body);
    }
    if (profile != null) {
      profile.add("audit", (System.nanoTime() - start) * workers.threads(), work());
    }
  }

  private Work work() {
    var work = Work.NONE;
    for (int h = 0; h < heads.size(); h++) {
      double r = count(h);
      double m = heads.get(h).key().rows();
      double width = heads.get(h).key().columns() + heads.get(h).value().columns();
      work = work.and(Work.flops(2 * r * m * width).and(Work.floats((r + m) * width)));
    }
    return work;
  }

  /** Lists the positions of each head, from {@code starts} on. */
  private void choosePositions() {
    if (starts.length <= heads.size()) {
      starts = new int[heads.size() + 1];
    }
    int most = 0;
    int total = 0;
    for (int h = 0; h < heads.size(); h++) {
      int n = heads.get(h).query().rows();
      most = Math.max(most, n);
      total = Math.addExact(total, Math.min(queries, n));
    }
    if (taken.length < most) {
      taken = new boolean[most];
    }
    if (positions.length < total) {
      positions = new int[total];
      differences = new double[total];
      norms = new double[total];
    }
    for (int h = 0; h < heads.size(); h++) {
      starts[h + 1] = choose(heads.get(h).query().rows(), starts[h]);
    }
  }

  private int choose(int n, int from) {
    int to = from;
    Arrays.fill(taken, 0, n, false);
    int count = Math.min(queries, n);
    for (int j = 0; j < count; j++) {
      int position = position(j, count, n);
      if (!taken[position]) {
        taken[position] = true;
        positions[to++] = position;
      }
    }
    return to;
  }

  /**
   * Returns position j of {@code count}, ⌊n · frac((j + ½) · (√2 − 1))⌋, or all of them in order.
   */
  private static int position(int j, int count, int n) {
    double turns = (j + 0.5) * STEP;
    return count == n ? j : (int) (n * (turns - Math.floor(turns)));
  }

  private int count(int head) {
    return starts[head + 1] - starts[head];
  }

  private void audit(int item, int worker) {
    var head = heads.get(item);
    int end = starts[item + 1];
    var exact = scratch.of(worker).exact;
    float[] row = scratch.of(worker).row;
    for (int from = starts[item]; from < end; from += BLOCK) {
      int count = Math.min(BLOCK, end - from);
      exact.begin(head.query(), positions, from, count, factor);
      exact.attend(head.key(), head.value());
      for (int r = 0; r < count; r++) {
        if (head.key().rows() > 0) {
          exact.finish(r, row);
        } else {
          Arrays.fill(row, 0);
        }
        replace(head.output(), from + r, row);
      }
    }
  }

  /** Compares a row of an output with the exact one and puts that in its place. */
  private void replace(Matrix output, int at, float[] exactRow) {
    double difference = 0;
    double norm = 0;
    for (int d = 0; d < exactRow.length; d++) {
      double off = (double) output.get(positions[at], d) - exactRow[d];
      difference += off * off;
      norm += (double) exactRow[d] * exactRow[d];
    }
    boolean isFinite = norm < Double.POSITIVE_INFINITY;
    differences[at] = isFinite ? difference : 0;
    norms[at] = isFinite ? norm : 0;
    long to = output.byteOffset(positions[at]);
    MemorySegment.copy(exactRow, 0, output.data(), Matrix.FLOAT, to, exactRow.length);
  }

  private Result result() {
    var estimates = new ArrayList<ErrorEstimate>(heads.size());
    for (int h = 0; h < heads.size(); h++) {
      estimates.add(estimate(h, count(h)));
    }
    var all = ErrorEstimate.NONE;
    for (int h = 0; h < heads.size(); ) {
      int end = h + 1;
      while (end < heads.size() && query(end).rows() == query(h).rows()) {
        end++;
      }
      all = all.and(together(h, end));
      h = end;
    }
    return new Result(queries, all, estimates);
  }

  private Matrix query(int head) {
    return heads.get(head).query();
  }

  /** Returns the estimate of Σ‖O′ᵢ − Oᵢ‖² over the rows of a head of the last comparison. */
  double difference(int head) {
    return sumOfAll(differences, head);
  }

  /** Returns the estimate of Σ‖Oᵢ‖² over the rows of a head of the last comparison. */
  double norm(int head) {
    return sumOfAll(norms, head);
  }

  private double sumOfAll(double[] sampled, int head) {
    double sum = 0;
    for (int i = starts[head]; i < starts[head + 1]; i++) {
      sum += sampled[i];
    }
    return count(head) == 0 ? 0 : sum * query(head).rows() / count(head);
  }

  private ErrorEstimate estimate(int head, int count) {
    return count == 0
        ? ErrorEstimate.NONE
        : ErrorEstimate.of(differences, norms, starts[head], count, query(head).rows());
  }

  /**
   * Estimates for heads of one length. They have the same positions, where one head's error may go
   * with another's: what is sampled is a position of all of them.
   */
  private ErrorEstimate together(int first, int end) {
    int r = count(first);
    for (int h = first + 1; h < end; h++) {
      for (int j = 0; j < r; j++) {
        differences[starts[first] + j] += differences[starts[h] + j];
        norms[starts[first] + j] += norms[starts[h] + j];
      }
    }
    return estimate(first, r);
  }
}
