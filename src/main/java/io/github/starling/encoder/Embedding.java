package io.github.starling.encoder;

/**
 * The vector of a text.
 *
 * @param vector shape (width)
 * @param tokens tokens of the text, {@code [CLS]} and {@code [SEP]} included
 * @param usedTokens tokens that the vector stands for; fewer than {@code tokens} if the text was
 *     truncated
 */
public record Embedding(float[] vector, int tokens, int usedTokens) {
  /**
   * Returns the cosine of the angle between two vectors of one length: 1 for the same direction.
   *
   * @param a shape (d)
   * @param b shape (d)
   */
  public static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squareA += (double) a[i] * a[i];
      squareB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(squareA * squareB);
  }
}
