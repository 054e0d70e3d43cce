package io.github.starling.reference;

import org.junit.jupiter.api.Test;

class CausalAttentionTest {
  @Test
  void aQueryWeighsTheKeysUpToItsOwn() {
    double[][] zeros = {{0}, {0}, {0}};
    var head = new Head(zeros, zeros, new double[][] {{1}, {2}, {6}});
    Rows.assertClose(new double[][] {{1}, {1.5}, {3}}, CausalAttention.attend(head, 1.0));
  }

  @Test
  void theLastQueryHasFullAttention() {
    var head = RandomHead.of(1, 9, 9, 5);
    double[][] full = FullAttention.attend(head, 0.7);
    double[][] causal = CausalAttention.attend(head, 0.7);
    Rows.assertClose(new double[][] {full[8]}, new double[][] {causal[8]});
  }
}
