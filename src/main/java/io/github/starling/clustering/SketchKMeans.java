package io.github.starling.clustering;

import io.github.starling.kernel.GoldenSteps;
import io.github.starling.kernel.QuerySketch;
import io.github.starling.kernel.SketchAssignment;
import io.github.starling.kernel.Workers;
import java.util.Arrays;

/**
 * Lloyd's iterations over sketches of queries, with the Euclidean distance.
 *
 * <p>Starts from the sketches at golden-ratio steps; no random number. Sums are taken in chunks and
 * these added in their order, so the result has the same bits on any number of threads. Sketches
 * that are not finite are in some cluster and move no centre. Empty clusters take the sketches that
 * are farthest from their own centres, ties to the lowest position. O(n·c·8) an iteration.
 */
public final class SketchKMeans extends QueryGroups {
  private static final int D = QuerySketch.DIMENSIONS;
  private static final int STRIDE = QuerySketch.stride();

  /** Sketches of a parallel item: a multiple of any vector. */
  private static final int CHUNK = 2048;

  private final int clusters;
  private final int iterations;
  private final float[] centres;
  private final float[] negated;
  private final float[] halves;
  private final int[] sizes;
  private SketchAssignment[] assignments = {};
  private float[][] sums = {};
  private int[][] counts = {};
  private int[] nearest = {};
  private float[] distances = {};
  private final Workers.Task assigning = this::assign;
  private float[] sketches;
  private int n;

  /**
   * Allocates for a number of clusters.
   *
   * @param clusters c, ≥ 1
   * @param iterations how many times to assign, ≥ 1
   */
  public SketchKMeans(int clusters, int iterations) {
    super(clusters);
    this.clusters = clusters;
    this.iterations = iterations;
    centres = new float[clusters * D];
    negated = new float[clusters * D];
    halves = new float[clusters];
    sizes = new int[clusters];
  }

  /**
   * Clusters sketches; min(c, n) clusters take part.
   *
   * @param sketches shape (n, {@link QuerySketch#stride}), and room for a vector of rows behind
   * @param workers threads to share the work
   */
  public void cluster(float[] sketches, int n, Workers workers) {
    this.sketches = sketches;
    this.n = n;
    int chunks = Math.ceilDiv(n, CHUNK);
    reserve(chunks, workers.threads());
    int used = Math.min(clusters, n);
    for (int j = 0; j < clusters; j++) {
      place(j, j < used ? GoldenSteps.position(j, used, n) : -1);
    }
    for (int iteration = 0; iteration < iterations; iteration++) {
      if (iteration > 0) {
        update(chunks, used);
      }
      workers.forEach(chunks, assigning);
    }
  }

  private void reserve(int chunks, int threads) {
    int room = chunks * CHUNK;
    if (nearest.length < room) {
      nearest = new int[room];
      distances = new float[room];
      sums = new float[chunks][clusters * D];
      counts = new int[chunks][clusters];
    }
    if (assignments.length < threads) {
      assignments = new SketchAssignment[threads];
      Arrays.setAll(assignments, _ -> new SketchAssignment());
    }
  }

  /** Puts a centre on a sketch; on none, it is infinitely far away. */
  private void place(int cluster, int position) {
    for (int a = 0; a < D; a++) {
      centres[cluster * D + a] = position < 0 ? 0 : sketches[position * STRIDE + a];
    }
    settle(cluster);
    if (position < 0) {
      halves[cluster] = Float.POSITIVE_INFINITY;
    }
  }

  private void settle(int cluster) {
    float square = 0;
    for (int a = cluster * D; a < (cluster + 1) * D; a++) {
      negated[a] = -centres[a];
      square += centres[a] * centres[a];
    }
    halves[cluster] = square / 2;
  }

  private void assign(int chunk, int worker) {
    int from = chunk * CHUNK;
    int count = Math.min(CHUNK, n - from);
    assignments[worker].assign(sketches, from, count, negated, halves, nearest, distances);
    float[] sum = sums[chunk];
    int[] size = counts[chunk];
    Arrays.fill(sum, 0f);
    Arrays.fill(size, 0);
    for (int i = from; i < from + count; i++) {
      if (Math.abs(distances[i]) <= Float.MAX_VALUE) {
        size[nearest[i]]++;
        add(sketches, i * STRIDE, sum, nearest[i] * D);
      }
    }
  }

  private static void add(float[] from, int at, float[] sum, int to) {
    for (int a = 0; a < D; a++) {
      sum[to + a] += from[at + a];
    }
  }

  private void update(int chunks, int used) {
    Arrays.fill(centres, 0f);
    Arrays.fill(sizes, 0);
    for (int chunk = 0; chunk < chunks; chunk++) {
      for (int j = 0; j < used; j++) {
        sizes[j] += counts[chunk][j];
        add(sums[chunk], j * D, centres, j * D);
      }
    }
    for (int j = 0; j < used; j++) {
      if (sizes[j] > 0) {
        for (int a = j * D; a < (j + 1) * D; a++) {
          centres[a] /= sizes[j];
        }
        settle(j);
      }
    }
    for (int j = 0; j < used; j++) {
      if (sizes[j] == 0) {
        place(j, farthest());
        comeNearer(j);
      }
    }
  }

  /** Returns the position of the sketch that is farthest from its centre. */
  private int farthest() {
    int farthest = 0;
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      float distance = dot(i, sketches, i * STRIDE) / 2 + distances[i];
      if (distance > most && distance <= Float.MAX_VALUE) {
        most = distance;
        farthest = i;
      }
    }
    return farthest;
  }

  /** Lowers distances to those from a new centre, so that equals of it are not far any more. */
  private void comeNearer(int cluster) {
    for (int i = 0; i < n; i++) {
      float distance = halves[cluster] - dot(i, centres, cluster * D);
      distances[i] = Math.min(distances[i], distance);
    }
  }

  private float dot(int query, float[] other, int at) {
    float sum = 0;
    for (int a = 0; a < D; a++) {
      sum += sketches[query * STRIDE + a] * other[at + a];
    }
    return sum;
  }

  @Override
  int queries() {
    return n;
  }

  @Override
  public int clusterOf(int query) {
    return nearest[query];
  }

  /** Copies the centres that the last assignment was made with, shape (c, 8). */
  public float[] copyCentres() {
    return centres.clone();
  }
}
