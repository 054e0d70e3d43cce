package io.github.starling.attention;

import static io.github.starling.attention.ClusteredPhases.Phase.CLUSTER;
import static io.github.starling.attention.ClusteredPhases.Phase.HASH;

import io.github.starling.clustering.HammingKMeans;
import io.github.starling.clustering.InitialPositions;
import io.github.starling.clustering.Planes;
import io.github.starling.kernel.SignatureKernel;
import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.util.Arrays;

/**
 * The clusters that the queries of a head have by their signatures, arXiv:2007.04825 §3.2.2.
 *
 * <pre>
 * hash      queries → signatures   items: blocks of queries
 * cluster   signatures → clusters  {@link HammingKMeans}
 * </pre>
 */
final class SignatureClusters {
  private static final int HASH_BLOCK = 1536;

  private final ClusterOptions options;
  private final Workers workers;
  private final int bits;
  private final SignatureKernel hasher;
  private final HammingKMeans kMeans;
  private final float[][] scratch;
  private final Workers.Task hashing = this::hash;
  private long[] signatures = {};
  private int[] initial;
  private int initialFor = -1;
  private Matrix queries;

  /**
   * Draws the planes.
   *
   * @param dk columns of the queries
   * @param workers threads that share each head
   * @throws IllegalArgumentException if the options have planes for other queries
   */
  SignatureClusters(ClusterOptions options, int dk, Workers workers) {
    this.options = options;
    this.workers = workers;
    var planes = options.planes();
    if (planes == null) {
      planes = Planes.draw(options.bits(), dk, options.bias(), options.seed());
    } else if (planes.dk() != dk) {
      throw new IllegalArgumentException(
          "planes for %d columns cannot hash queries of %d".formatted(planes.dk(), dk));
    }
    bits = planes.bits();
    hasher = planes.pack();
    kMeans = new HammingKMeans(options.clusters(), options.iterations());
    scratch = new float[workers.threads()][hasher.scratchFloats()];
  }

  /** Returns the bits of a signature. */
  int bits() {
    return bits;
  }

  /** Returns what knows the cluster of each query. */
  HammingKMeans kMeans() {
    return kMeans;
  }

  /**
   * Clusters queries.
   *
   * @param queries shape (n, dk)
   * @param phases told of the end of each
   */
  void cluster(Matrix queries, ClusteredPhases phases) {
    this.queries = queries;
    int n = queries.rows();
    if (signatures.length < n) {
      signatures = new long[n];
    }
    workers.forEach(Math.ceilDiv(n, HASH_BLOCK), hashing);
    phases.end(HASH);
    kMeans.cluster(signatures, n, initialPositions(n), workers);
    phases.end(CLUSTER);
  }

  private void hash(int item, int worker) {
    int first = item * HASH_BLOCK;
    int count = Math.min(HASH_BLOCK, queries.rows() - first);
    hasher.hash(queries, first, count, signatures, scratch[worker]);
  }

  private int[] initialPositions(int n) {
    if (options.initial() != null) {
      checkInitial(n);
      return options.initial();
    }
    if (initialFor != n) {
      initial = InitialPositions.draw(Math.min(options.clusters(), n), n, options.seed());
      initialFor = n;
    }
    return initial;
  }

  private void checkInitial(int n) {
    for (int j = 0; j < Math.min(options.clusters(), n); j++) {
      int position = options.initial()[j];
      if (position < 0 || position >= n) {
        throw new IllegalArgumentException(
            "initial position %d is not one of %d valid queries".formatted(position, n));
      }
    }
  }

  /** Copies the signatures of the last n queries. */
  long[] copy(int n) {
    return Arrays.copyOf(signatures, n);
  }
}
