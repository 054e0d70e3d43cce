package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LANES;
import static io.github.starling.kernel.MicroKernel.ROWS;
import static io.github.starling.kernel.Panels.KEY_BLOCK;

import io.github.starling.tensor.Matrix;
import java.util.Arrays;

/**
 * Attention of the members of a cluster: one softmax over the keys that each scores by itself and
 * over what the centroid gives to all others.
 *
 * <pre>
 * start   the centroid's remainder: shift μ, sum Z, weighted values V
 * window  the keys near the member: 2^(z − M) − 2^(s − M), since the remainder holds them once
 * keys    the cluster's exact keys, gathered once into panels: 48 members × keys, online softmax
 * </pre>
 *
 * <p>O(members · (keys + window) · (dk + dv)).
 */
public final class MemberAttention {
  /** Members at once: blocks of keys are gathered anew for each so many. */
  private static final int MEMBERS = 32 * ROWS;

  /** What must be left of a remainder for the difference to be worth its bits. */
  private static final float LEAST_LEFT = 0x1p-5f;

  private final int depth;
  private final int dk;
  private final int paddedDv;
  private final float[] queries;
  private final float[] output;
  private final float[] shifts = new float[MEMBERS];
  private final float[] sums = new float[MEMBERS * LANES];
  private final float[] scales = new float[MEMBERS];
  private final float[] staged;
  private final float[] keyPanels;
  private final float[] valuePanels;
  private final float[] tile = new float[ROWS * KEY_BLOCK];
  private final float[] product;
  private final float[] transposed = new float[LANES * LANES];
  private final int reach;
  private final boolean isJoint;
  private final int nearStride;
  private final float[] near;
  private final float[] used;
  private final boolean[] isWhole = new boolean[MEMBERS];
  private final int[] firstNear = new int[MEMBERS];
  private final float[] subtracted = new float[MEMBERS];
  private final float[] inWindow = new float[MEMBERS];
  private KeyTable table;
  private CentroidScores centroids;
  private ImportantKeys exact;
  private boolean hasWindow;
  private double factor;

  /**
   * Allocates scratch memory.
   *
   * @param dk columns of queries and keys
   * @param dv columns of values
   * @param reach how far from a query's position keys are exact; −1 if none is for being near
   * @param isJoint false to let exact keys share out what the centroid gives to them together
   */
  public MemberAttention(int dk, int dv, int reach, boolean isJoint) {
    this.isJoint = isJoint;
    this.dk = dk;
    this.reach = reach;
    depth = Panels.padDepth(dk);
    paddedDv = MicroKernel.padColumns(dv);
    queries = new float[MEMBERS * depth];
    output = new float[MEMBERS * paddedDv];
    staged = new float[KEY_BLOCK * depth];
    keyPanels = new float[KEY_BLOCK * depth];
    valuePanels = new float[KEY_BLOCK * paddedDv];
    product = new float[ROWS * paddedDv];
    nearStride = Panels.padDepth(2 * reach + 1 + 2);
    near = new float[MEMBERS * nearStride];
    used = new float[MEMBERS * nearStride];
  }

  /**
   * Takes what is known of a head.
   *
   * @param centroids with their remainders
   * @param window whether queries and keys have the same positions
   * @param factor {@link RowAttention#scoreFactor} of the scale
   */
  public void begin(
      KeyTable table,
      CentroidScores centroids,
      ImportantKeys exact,
      boolean window,
      double factor) {
    this.table = table;
    this.centroids = centroids;
    this.exact = exact;
    this.factor = factor;
    hasWindow = window && reach >= 0;
  }

  /**
   * Attends from the members of a cluster.
   *
   * @param q shape (n, dk)
   * @param order positions of the members from {@code from} to {@code to − 1}
   * @param finite whether all of them are
   * @param out shape (n, dv)
   */
  public void attend(
      Matrix q, int cluster, int[] order, int from, int to, boolean finite, Matrix out) {
    int first = exact.start(cluster);
    int count = exact.start(cluster + 1) - first;
    boolean bounded = centroids.isBounded(cluster);
    for (int p = from; p < to; p += MEMBERS) {
      int members = Math.min(MEMBERS, to - p);
      Panels.scaleRows(q, order, p, members, factor, queries, depth);
      start(cluster, members);
      if (hasWindow) {
        attendWindow(cluster, order, p, members);
      }
      for (int t = 0; t < count; t += KEY_BLOCK) {
        int keys = Math.min(KEY_BLOCK, count - t);
        if (p == from || count > KEY_BLOCK) {
          gather(first + t, keys);
        }
        for (int r = 0; r < members; r += ROWS) {
          attendTile(r, Math.min(ROWS, members - r), keys, bounded);
        }
      }
      if (!isJoint) {
        shareOut(cluster, members);
      }
      for (int r = 0; r < members && !finite; r++) {
        if (!ClusterMean.isFinite(q, order[p + r])) {
          sums[r * LANES] = Float.NaN;
        }
      }
      OnlineSoftmax.normalizeRows(output, paddedDv, members, sums);
      Panels.scatterRows(output, paddedDv, out, order, p, members);
    }
  }

  /** Starts the softmax of each member with the centroid's remainder. */
  private void start(int cluster, int members) {
    Arrays.fill(sums, 0, members * LANES, 0f);
    if (!isJoint) {
      Arrays.fill(shifts, 0, members, centroids.isBounded(cluster) ? 0f : Float.NEGATIVE_INFINITY);
      Arrays.fill(output, 0, members * paddedDv, 0f);
      return;
    }
    Arrays.fill(shifts, 0, members, centroids.shift(cluster));
    for (int r = 0; r < members; r++) {
      sums[r * LANES] = centroids.total(cluster);
      System.arraycopy(centroids.outputs(), cluster * paddedDv, output, r * paddedDv, paddedDv);
    }
  }

  private void gather(int first, int count) {
    RowTable keys = table.keys();
    RowTable values = table.values();
    Panels.gatherRows(keys.data(), depth, exact.keys(), first, count, staged);
    Panels.packKeys(staged, 0, count, dk, keyPanels, 0, transposed);
    Panels.gatherPanels(values.data(), paddedDv, exact.keys(), first, count, valuePanels);
  }

  /** Adds the keys near each member, and takes them out of the remainder, which holds them too. */
  private void attendWindow(int cluster, int[] order, int from, int members) {
    int keys = Math.min(2 * reach + 1, table.rows());
    for (int r = 0; r < members; r++) {
      placeWindow(r, order[from + r], keys);
    }
    float[] numerators = centroids.numerators(cluster);
    NearKeys.score(queries, members, table.keys().data(), depth, firstNear, keys, near, nearStride);
    NearKeys.sum(numerators, members, nearStride, firstNear, used, inWindow);
    float total = centroids.total(cluster);
    for (int r = 0; r < members; r++) {
      // Where little is left, the difference would be rounding errors.
      boolean isLeft = isJoint && !(total - inWindow[r] < LEAST_LEFT * total);
      if (isJoint && !isLeft) {
        sumOutside(r, cluster);
      }
      scales[r] = centroids.isBounded(cluster) ? 1f : raiseToWindow(r, keys);
      subtracted[r] = isLeft ? scales[r] : 0;
      sums[r * LANES] *= scales[r];
    }
    NearKeys.weigh(
        near, members, nearStride, numerators, firstNear, used, shifts, subtracted, sums);
    NearKeys.add(
        output,
        members,
        paddedDv,
        scales,
        near,
        nearStride,
        table.values().data(),
        firstNear,
        keys);
  }

  /** Finds as many adjacent keys as a window has, and marks those that are in it. */
  private void placeWindow(int row, int position, int keys) {
    int inside = position - reach;
    int first = Math.max(0, Math.min(inside, table.rows() - keys));
    firstNear[row] = first;
    boolean whole = first == inside && keys == 2 * reach + 1;
    if (whole && isWhole[row]) {
      return;
    }
    isWhole[row] = whole;
    for (int j = 0; j < 2 * reach + 1; j++) {
      boolean isNear = j < keys && Math.abs(first + j - position) <= reach;
      used[row * nearStride + j] = isNear ? 1f : 0f;
    }
  }

  /** Raises a row's shift to the largest score in its window; returns what scales the rest. */
  private float raiseToWindow(int row, int keys) {
    float shift = shifts[row];
    for (int j = row * nearStride; j < row * nearStride + keys; j++) {
      shifts[row] = used[j] > 0 && near[j] > shifts[row] ? near[j] : shifts[row];
    }
    return (float) Math.pow(2, shift - shifts[row]);
  }

  /** Leaves in a row what the remainder has outside the window, relative to a shift of its own. */
  private void sumOutside(int row, int cluster) {
    float[] numerators = centroids.numerators(cluster);
    boolean bounded = centroids.isBounded(cluster);
    if (!bounded) {
      double shift = Double.NEGATIVE_INFINITY;
      for (int t = 0; t < table.rows(); t++) {
        if (numerators[t] != 0 && !isNear(row, t)) {
          shift = Math.max(shift, centroids.score(cluster, t, factor, table));
        }
      }
      shifts[row] = (float) shift;
    }
    int at = row * paddedDv;
    Arrays.fill(output, at, at + paddedDv, 0f);
    RowTable values = table.values();
    float sum = 0;
    for (int t = 0; t < table.rows(); t++) {
      if (numerators[t] != 0 && !isNear(row, t)) {
        float numerator =
            bounded
                ? numerators[t]
                : (float) Math.pow(2, centroids.score(cluster, t, factor, table) - shifts[row]);
        sum += numerator;
        OnlineSoftmax.addScaled(values.data(), values.at(t), numerator, output, at, paddedDv);
      }
    }
    sums[row * LANES] = sum;
  }

  private boolean isNear(int row, int key) {
    int j = key - firstNear[row];
    return j >= 0 && j < nearStride && used[row * nearStride + j] > 0;
  }

  private void attendTile(int row, int rows, int keys, boolean bounded) {
    MicroKernel.multiplyPanels(
        queries,
        row * depth,
        depth,
        keyPanels,
        dk,
        depth,
        MicroKernel.padColumns(keys),
        tile,
        0,
        KEY_BLOCK);
    for (int r = 0; r < rows && !bounded; r++) {
      raise(row + r, r * KEY_BLOCK, keys);
    }
    OnlineSoftmax.exponentiateRows(tile, KEY_BLOCK, rows, keys, shifts, row, sums);
    MicroKernel.multiplyPanels(
        tile, 0, KEY_BLOCK, valuePanels, keys, keys, paddedDv, product, 0, paddedDv);
    int at = row * paddedDv;
    MicroKernel.addTile(product, rows, paddedDv, output, at, paddedDv, output, at, paddedDv);
  }

  /** Scales exact keys to what the centroid gives to them together, and adds the remainder. */
  private void shareOut(int cluster, int members) {
    RowTable values = table.values();
    float[] numerators = centroids.numerators(cluster);
    double whole = centroids.whole(cluster);
    float one = (float) (1 / whole);
    int keys = hasWindow ? Math.min(2 * reach + 1, table.rows()) : 0;
    for (int r = 0; r < members; r++) {
      int at = r * paddedDv;
      float own = OnlineSoftmax.total(sums, r * LANES);
      double left = (centroids.total(cluster) - (hasWindow ? inWindow[r] : 0)) / whole;
      OnlineSoftmax.scale(output, at, paddedDv, own == 0 ? 0 : (float) ((1 - left) / own));
      OnlineSoftmax.addScaled(centroids.outputs(), cluster * paddedDv, one, output, at, paddedDv);
      for (int j = 0; j < keys; j++) {
        int t = firstNear[r] + j;
        float taken = -one * numerators[t] * used[r * nearStride + j];
        OnlineSoftmax.addScaled(values.data(), values.at(t), taken, output, at, paddedDv);
      }
      Arrays.fill(sums, r * LANES, (r + 1) * LANES, 0f);
      sums[r * LANES] = 1f;
    }
  }

  private void raise(int row, int at, int keys) {
    float scale = OnlineSoftmax.raise(tile, at, keys, shifts, row);
    if (scale != 1f) {
      OnlineSoftmax.scale(sums, row * LANES, LANES, scale);
      OnlineSoftmax.scale(output, row * paddedDv, paddedDv, scale);
    }
  }
}
