package io.github.starling.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class SharedQkAttentionTest {
  private static final double NAN = Double.NaN;

  /** A head whose keys nobody reads. */
  private static Head head(double[][] queries, double[][] values) {
    return new Head(queries, new double[queries.length][queries[0].length], values);
  }

  @Test
  void aQueryWeighsTheDirectionsOfTheOthers() {
    // query 0 scores 2·1 = 2 with query 1, whatever its length, and −2 with query 2
    var head = head(new double[][] {{2}, {50}, {-7}}, new double[][] {{100}, {1}, {2}});
    double second = 1 / (1 + Math.exp(4));
    Rows.assertClose(
        new double[][] {{1 + second}}, new double[][] {SharedQkAttention.attend(head, 1.0)[0]});
  }

  @Test
  void aloneAQueryWeighsItself() {
    var head = head(new double[][] {{3}}, new double[][] {{5}});
    assertArrayEquals(new double[][] {{5}}, SharedQkAttention.attend(head, 1.0));
  }

  @Test
  void aQueryOfZerosIsAKeyOfZeros() {
    var head = head(new double[][] {{0}, {1}, {1}}, new double[][] {{4}, {1}, {3}});
    assertArrayEquals(new double[] {2}, SharedQkAttention.attend(head, 1.0)[0]);
  }

  @Test
  void aQueryThatIsNotFiniteIsNoKey() {
    var head = head(new double[][] {{1}, {NAN}, {1}}, new double[][] {{4}, {1}, {3}});
    assertArrayEquals(new double[][] {{3}, {NAN}, {4}}, SharedQkAttention.attend(head, 1.0));
  }
}
