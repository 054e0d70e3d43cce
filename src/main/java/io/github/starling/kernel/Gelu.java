package io.github.starling.kernel;

import io.github.starling.tensor.Matrix;

/**
 * The Gaussian error linear unit of each element, x·Φ(x).
 *
 * <p>Hendrycks, Gimpel, arXiv:1606.08415: {@link #erf} is §2's definition, {@link #tanh} its
 * approximation. Both are computed as
 *
 * <pre>
 * gelu(x) = max(x, 0) − |x|·tail(|x|)
 * tail(a) = Φ(−a) = exp(−a²/2)·R(a)                                     erf
 *         = e / (1 + e), e = exp(−2·√(2/π)·(a + 0.044715·a³))           tanh
 * </pre>
 *
 * so that nothing cancels where the result is small. R decays like 1/a, and R(a)·(a + 4) is a
 * polynomial of (a − 4)/(a + 4), fitted to a relative error of 2⁻²⁷. The error is a few units in
 * the last place from −1 on, and |x|·2⁻²⁴ at most below. ±∞ and NaN come out as the definition has
 * them.
 */
public final class Gelu {
  /** Operations for an element, about. */
  private static final long COST = 32;

  private Gelu() {}

  /**
   * Applies x·Φ(x) in place.
   *
   * @param values shape (rows, columns)
   */
  public static void erf(Matrix values) {
    if (ColdStart.lasts(COST * values.rows() * values.columns())) {
      PlainGelu.erf(values);
    } else {
      GeluKernel.erf(values);
    }
  }

  /**
   * Applies ½x(1 + tanh(√(2/π)(x + 0.044715x³))) in place.
   *
   * @param values shape (rows, columns)
   */
  public static void tanh(Matrix values) {
    if (ColdStart.lasts(COST * values.rows() * values.columns())) {
      PlainGelu.tanh(values);
    } else {
      GeluKernel.tanh(values);
    }
  }
}
