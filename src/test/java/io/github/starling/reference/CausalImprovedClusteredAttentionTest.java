package io.github.starling.reference;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CausalImprovedClusteredAttentionTest {
  /** All are of one cluster, whose top keys are the last two. */
  @Example
  void aQueryWeighsItsClustersEarlierTopKeysOrElseAllEarlierOnes() {
    double[][] queries = {{1}, {1}, {1}, {1}};
    double[][] keys = {{0}, {0}, {9}, {9}};
    var head = new Head(queries, keys, new double[][] {{1}, {2}, {40}, {80}});
    var clustering = new Clustering(new int[4], new long[1]);
    Rows.assertClose(
        new double[][] {{1}, {1.5}, {40}, {60}},
        CausalImprovedClusteredAttention.attend(head, clustering, 2, 1.0));
  }

  @Property
  void weightsSumToOne(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 1, max = 10) int c,
      @ForAll @IntRange(min = 1, max = 40) int k) {
    Rows.assertEachSumsToOne(
        CausalImprovedClusteredAttention.attend(
            RandomHead.weighing(seed, n, 5), RandomHead.clustering(seed, n, c), k, 0.7));
  }

  @Property
  void allKeysOnTopGiveCausalAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 1, max = 10) int c,
      @ForAll @IntRange(min = 0, max = 3) int beyond) {
    var head = RandomHead.of(seed, n, n, 5);
    Rows.assertClose(
        CausalAttention.attend(head, 0.7),
        CausalImprovedClusteredAttention.attend(
            head, RandomHead.clustering(seed, n, c), n + beyond, 0.7));
  }
}
