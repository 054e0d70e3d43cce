package io.github.starling.reference;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ClusteredAttentionProperties {
  @Property
  void weightsSumToOne(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 1, max = 30) int m,
      @ForAll @IntRange(min = 1, max = 10) int c) {
    var clustering = RandomHead.clustering(seed, n, c);
    Rows.assertEachSumsToOne(
        ClusteredAttention.weights(RandomHead.of(seed, n, m, 5), clustering, 0.7));
  }

  @Property
  void singletonClustersGiveFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 1, max = 30) int m) {
    var head = RandomHead.of(seed, n, m, 5);
    Rows.assertClose(
        FullAttention.attend(head, 0.7),
        ClusteredAttention.attend(head, RandomHead.singletons(n), 0.7));
  }

  @Property
  void theOutputIsTheValuesUnderTheWeights(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 0, max = 30) int m,
      @ForAll @IntRange(min = 1, max = 10) int c) {
    var head = RandomHead.of(seed, n, m, 5);
    var clustering = RandomHead.clustering(seed, n, c);
    Rows.assertClose(
        MatrixProduct.times(ClusteredAttention.weights(head, clustering, 0.7), head.values(), 5),
        ClusteredAttention.attend(head, clustering, 0.7));
  }
}
