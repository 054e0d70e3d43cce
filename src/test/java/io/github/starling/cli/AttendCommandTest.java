package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.clustering.AngularHash;
import io.github.starling.kernel.Workers;
import io.github.starling.model.Safetensors;
import io.github.starling.reference.CausalAttention;
import io.github.starling.reference.CausalImprovedClusteredAttention;
import io.github.starling.reference.ClusteredAttention;
import io.github.starling.reference.Clustering;
import io.github.starling.reference.Doubles;
import io.github.starling.reference.FullAttention;
import io.github.starling.reference.HammingKMeans;
import io.github.starling.reference.Head;
import io.github.starling.reference.ImprovedClusteredAttention;
import io.github.starling.reference.LocalAttention;
import io.github.starling.reference.OracleTopKAttention;
import io.github.starling.reference.ReformerAttention;
import io.github.starling.reference.SharedQkAttention;
import io.github.starling.reference.Signatures;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code attend} writes for good input, against the reference. */
class AttendCommandTest {
  private static final int BATCH = 2;
  private static final int HEADS = 3;
  private static final int N = 40;
  private static final int DK = 6;
  private static final int DV = 5;
  private static final int CLUSTERS = 4;
  private static final int BITS = 13;
  private static final int TOP_K = 7;
  private static final int WINDOW = 9;
  private static final int CHUNK = 6;
  private static final long[] QUERY_LENGTHS = {40, 31};
  private static final long[] INITIAL = {3, 0, 30, 8};

  /** Kinds for which a query's own position means something, so that keys must be as many. */
  private static final Set<AttentionKind> SELF =
      EnumSet.of(
          AttentionKind.CAUSAL_IMPROVED_CLUSTERED,
          AttentionKind.LOCAL,
          AttentionKind.SHARED_QK,
          AttentionKind.REFORMER);

  @TempDir Path folder;
  private Path in;
  private Path out;
  private int m = 50;
  private long[] keyLengths = {29, 50};

  @BeforeEach
  void input() throws IOException {
    in =
        new AttendFile()
            .random("query", 1, BATCH, HEADS, N, DK)
            .random("key", 2, BATCH, HEADS, m, DK)
            .random("value", 3, BATCH, HEADS, m, DV)
            .random("planes", 4, BITS, DK + 1)
            .longs("initial", INITIAL)
            .longs("query_lengths", QUERY_LENGTHS)
            .longs("key_lengths", keyLengths)
            .write(folder.resolve("in.safetensors"));
    out = folder.resolve("out.safetensors");
  }

  /** Makes the input one that the kind takes. */
  private void inputFor(AttentionKind kind) throws IOException {
    if (SELF.contains(kind)) {
      m = N;
      keyLengths = QUERY_LENGTHS;
      input();
    }
  }

  @ParameterizedTest
  @EnumSource(AttentionKind.class)
  void theOutputIsThatOfTheReference(AttentionKind kind) throws IOException {
    inputFor(kind);
    var run = attend(kind, "--top-k", TOP_K, "--window", WINDOW, "--chunk", CHUNK, "--scale", 0.7);
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.out());
    assertEquals(kind == AttentionKind.AUTO ? BATCH : 0, run.err().lines().count(), run.err());
    assertEquals(List.of(2L, 3L, 40L, 5L), AttendFile.shape(out, "output"));
    float[] output = AttendFile.floats(out, "output");
    for (int h = 0; h < BATCH * HEADS; h++) {
      double[][] expected = reference(kind, h, 0.7);
      for (int i = 0; i < N; i++) {
        for (int d = 0; d < DV; d++) {
          double wanted = i < expected.length ? expected[i][d] : 0; // padding
          assertEquals(wanted, output[(h * N + i) * DV + d], 1e-5, "head " + h + ", query " + i);
        }
      }
    }
  }

  @Test
  void causalFullAttentionSeesNoLaterKey() throws IOException {
    inputFor(AttentionKind.LOCAL);
    attend(AttentionKind.FULL, "--causal");
    float[] output = AttendFile.floats(out, "output");
    double[][] expected = CausalAttention.attend(head(0), 1 / Math.sqrt(DK));
    for (int i = 0; i < N; i++) {
      for (int d = 0; d < DV; d++) {
        assertEquals(expected[i][d], output[i * DV + d], 1e-5, "query " + i);
      }
    }
  }

  @Test
  void theTraceIsThatOfTheReference() throws IOException {
    attend(AttentionKind.IMPROVED_CLUSTERED, "--top-k", TOP_K, "--trace");
    assertEquals(List.of(2L, 3L, 40L), AttendFile.shape(out, "signatures"));
    assertEquals(List.of(2L, 3L, 4L, 6L), AttendFile.shape(out, "centroids"));
    assertEquals(List.of(2L, 3L, 4L, 5L), AttendFile.shape(out, "centroid_output"));
    assertEquals(List.of(2L, 3L, 4L, 7L), AttendFile.shape(out, "top_keys"));
    for (int h = 0; h < BATCH * HEADS; h++) {
      var head = head(h);
      var clustering = clustering(head);
      int n = head.queries().length;
      long[] signatures = part(AttendFile.longs(out, "signatures"), h, N);
      assertArrayEquals(signatures(head), Arrays.copyOf(signatures, n));
      long[] assignment = part(AttendFile.longs(out, "assignment"), h, N);
      for (int i = 0; i < N; i++) {
        assertEquals(i < n ? clustering.clusterOf(i) : -1, assignment[i]);
      }
      long[] counts = part(AttendFile.longs(out, "counts"), h, CLUSTERS);
      assertArrayEquals(Arrays.stream(clustering.counts()).asLongStream().toArray(), counts);
      assertArrayEquals(
          clustering.centroidSignatures(),
          part(AttendFile.longs(out, "centroid_signatures"), h, CLUSTERS));
      checkClusters(h, head, clustering);
    }
  }

  private void checkClusters(int h, Head head, Clustering clustering) throws IOException {
    var topKeys = ImprovedClusteredAttention.topKeys(head, clustering, TOP_K);
    var topMass = ImprovedClusteredAttention.topMass(head, clustering, TOP_K, 1 / Math.sqrt(DK));
    var means = clustering.means(head.queries());
    var shared = FullAttention.attend(head.withQueries(means), 1 / Math.sqrt(DK));
    for (int j = 0; j < CLUSTERS; j++) {
      assertTrue(clustering.counts()[j] > 0, "the data fills every cluster");
      int cluster = h * CLUSTERS + j;
      assertArrayEquals(
          Arrays.stream(topKeys[j]).asLongStream().toArray(),
          part(AttendFile.longs(out, "top_keys"), cluster, TOP_K));
      assertEquals(topMass[j], AttendFile.floats(out, "top_mass")[cluster], 1e-5);
      for (int d = 0; d < DK; d++) {
        float centroid = AttendFile.floats(out, "centroids")[cluster * DK + d];
        assertEquals(means[j][d], centroid, 1e-6);
      }
      for (int d = 0; d < DV; d++) {
        float output = AttendFile.floats(out, "centroid_output")[cluster * DV + d];
        assertEquals(shared[j][d], output, 1e-5);
      }
    }
  }

  @Test
  void withoutABatchDimensionTheOutputHasNone() throws IOException {
    new AttendFile()
        .random("query", 1, HEADS, N, DK)
        .random("key", 2, HEADS, m, DK)
        .random("value", 3, HEADS, m, DV)
        .write(in);
    attend(AttentionKind.CLUSTERED, "--trace");
    assertEquals(List.of(3L, 40L, 5L), AttendFile.shape(out, "output"));
    // 100 clusters are usual, but there are 40 queries
    assertEquals(List.of(3L, 40L), AttendFile.shape(out, "counts"));
    try (var arena = Arena.ofConfined()) {
      var names = Safetensors.open(out, arena).names();
      assertTrue(!names.contains("top_keys") && names.contains("centroids"), names.toString());
    }
  }

  @Test
  void theMetadataSaysHowItWasMade() throws IOException {
    attend(AttentionKind.IMPROVED_CLUSTERED, "--iterations", 3, "--seed", 9, "--no-bias");
    try (var arena = Arena.ofConfined()) {
      var metadata = Safetensors.open(out, arena).metadata();
      assertEquals("improved-clustered", metadata.get("attention"));
      assertEquals("4", metadata.get("clusters"));
      assertEquals("13", metadata.get("bits"));
      assertEquals("3", metadata.get("iterations"));
      assertEquals("32", metadata.get("top_k"));
      assertEquals("9", metadata.get("seed"));
      assertEquals("false", metadata.get("bias"));
      assertEquals(Version.number(), metadata.get("starling"));
    }
  }

  @Test
  void anAuditSaysTheErrorAndKeepsExactRows() throws IOException {
    attend(AttentionKind.FULL);
    float[] exact = AttendFile.floats(out, "output");
    var whole = attend(AttentionKind.CLUSTERED, "--audit=40"); // all queries
    assertTrue(
        whole
            .err()
            .matches(
                "starling: relative error 0\\.\\d{4} ± 0\\.0000, estimated from 40 queries of each"
                    + " head\\R"),
        whole.err());
    assertArrayEquals(exact, AttendFile.floats(out, "output"));
    var usual = attend(AttentionKind.CLUSTERED, "--audit");
    assertTrue(usual.err().endsWith("estimated from 8 queries of each head\n"), usual.err());
    try (var arena = Arena.ofConfined()) {
      var metadata = Safetensors.open(out, arena).metadata();
      assertEquals("8", metadata.get("audit_queries"));
      assertTrue(Double.parseDouble(metadata.get("audit_error")) > 0);
      assertTrue(Double.parseDouble(metadata.get("audit_standard_error")) > 0);
    }
    var full = attend(AttentionKind.FULL, "--audit=1");
    assertEquals(
        "starling: relative error 0.0000 ± 0.0000, estimated from 1 query of each head",
        full.err().strip());
  }

  @Test
  void anAuditNeedsNoOutput() {
    var run = CommandRun.of(folder, "attend", "--attention=clustered", "--audit", "2", in);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.err().contains("from 2 queries"), run.err());
    run = CommandRun.of(folder, "attend", "--attention=clustered", "--audit", in);
    assertTrue(run.err().contains("from 8 queries"), run.err());
  }

  @ParameterizedTest
  @EnumSource(AttentionKind.class)
  void anyNumberOfThreadsGivesTheSameFile(AttentionKind kind) throws IOException {
    inputFor(kind);
    attend(kind, "--trace", "--threads", 1);
    byte[] one = Files.readAllBytes(out);
    attend(kind, "--trace", "--threads", 3);
    assertArrayEquals(one, Files.readAllBytes(out));
  }

  @ParameterizedTest
  @EnumSource(AttentionKind.class)
  void aQueryThatIsNotANumberSpoilsOnlyItsOwnRow(AttentionKind kind) throws IOException {
    inputFor(kind);
    float[] queries = new float[N * DK];
    Arrays.fill(queries, 0.5f);
    queries[7 * DK + 2] = Float.NaN;
    new AttendFile()
        .floats("query", queries, 1, N, DK)
        .random("key", 2, 1, m, DK)
        .random("value", 3, 1, m, DV)
        .write(in);
    attend(kind);
    float[] output = AttendFile.floats(out, "output");
    for (int i = 0; i < N; i++) {
      for (int d = 0; d < DV; d++) {
        assertEquals(i == 7, Float.isNaN(output[i * DV + d]), "query " + i);
      }
    }
  }

  private CommandRun attend(AttentionKind kind, Object... more) {
    var words = new Object[5 + more.length];
    System.arraycopy(new Object[] {"attend", in, "-o", out, "--attention=" + kind}, 0, words, 0, 5);
    System.arraycopy(more, 0, words, 5, more.length);
    return CommandRun.of(folder, words);
  }

  private double[][] reference(AttentionKind kind, int h, double scale) throws IOException {
    var head = head(h);
    return switch (kind) {
      case FULL, AUTO -> FullAttention.attend(head, scale); // so short
      case ORACLE_TOP_K -> OracleTopKAttention.attend(head, TOP_K, scale);
      case LOCAL -> LocalAttention.attend(head, WINDOW, scale);
      case SHARED_QK -> SharedQkAttention.attend(head, scale);
      case CAUSAL_IMPROVED_CLUSTERED ->
          CausalImprovedClusteredAttention.attend(head, clustering(head), TOP_K, scale);
      case REFORMER -> ReformerAttention.attend(head, directions(head), CHUNK, scale);
      case CLUSTERED -> ClusteredAttention.attend(head, clustering(head), scale);
      case IMPROVED_CLUSTERED ->
          ImprovedClusteredAttention.attend(head, clustering(head), TOP_K, scale);
      case REFINED_CLUSTERED -> refined(h, scale);
    };
  }

  /** Draws what four rounds hash with, shape (4, h, dk). */
  private static double[][][] directions(Head head) {
    int count = Math.ceilDiv(head.queries().length, CHUNK);
    return Arrays.stream(AngularHash.draw(4, count, DK, 0))
        .map(round -> rows(round, 0, count, DK))
        .toArray(double[][][]::new);
  }

  /**
   * Its clusters are its own, and its heads share a budget: what the library gives to those of the
   * sequence, which its own test compares.
   */
  private double[][] refined(int h, double scale) throws IOException {
    try (var arena = Arena.ofConfined();
        var workers = new Workers(1)) {
      var together = new ArrayList<io.github.starling.attention.Head>();
      for (int other = h - h % HEADS; together.size() < HEADS; other++) {
        var head = head(other);
        together.add(
            new io.github.starling.attention.Head(
                matrix(arena, head.queries()),
                matrix(arena, head.keys()),
                matrix(arena, head.values()),
                Matrix.allocate(arena, head.queries().length, DV)));
      }
      new RefinedClusteredAttention(new RefinedOptions(12, TOP_K, WINDOW))
          .attend(together, scale, workers);
      return Doubles.of(together.get(h % HEADS).output());
    }
  }

  private static Matrix matrix(Arena arena, double[][] rows) {
    var floats = new float[rows.length][rows[0].length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < rows[r].length; c++) {
        floats[r][c] = (float) rows[r][c];
      }
    }
    return Matrix.of(arena, floats);
  }

  private Clustering clustering(Head head) throws IOException {
    int[] initial = Arrays.stream(INITIAL).mapToInt(Math::toIntExact).toArray();
    return HammingKMeans.cluster(signatures(head), CLUSTERS, initial, 10);
  }

  private long[] signatures(Head head) throws IOException {
    return Signatures.of(head.queries(), rows(AttendFile.floats(in, "planes"), 0, BITS, DK + 1));
  }

  /** Reads the valid rows of a head from the input file. */
  private Head head(int h) throws IOException {
    int n = (int) QUERY_LENGTHS[h / HEADS];
    int valid = (int) keyLengths[h / HEADS];
    return new Head(
        rows(AttendFile.floats(in, "query"), h * N, n, DK),
        rows(AttendFile.floats(in, "key"), h * m, valid, DK),
        rows(AttendFile.floats(in, "value"), h * m, valid, DV));
  }

  private static double[][] rows(float[] values, int from, int count, int width) {
    var rows = new double[count][width];
    for (int r = 0; r < count; r++) {
      for (int d = 0; d < width; d++) {
        rows[r][d] = values[(from + r) * width + d];
      }
    }
    return rows;
  }

  private static long[] part(long[] values, int index, int length) {
    return Arrays.copyOfRange(values, index * length, (index + 1) * length);
  }
}
