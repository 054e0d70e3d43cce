package io.github.starling.reference;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LocalAttentionProperties {
  @Property
  void weightsSumToOne(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 1, max = 40) int window) {
    Rows.assertEachSumsToOne(LocalAttention.attend(RandomHead.weighing(seed, n, 5), window, 0.7));
  }

  @Property
  void aWindowOfAllKeysGivesFullAttention(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 0, max = 3) int beyond) {
    var head = RandomHead.of(seed, n, n, 5);
    Rows.assertClose(
        FullAttention.attend(head, 0.7), LocalAttention.attend(head, 2 * n - 1 + beyond, 0.7));
  }
}
