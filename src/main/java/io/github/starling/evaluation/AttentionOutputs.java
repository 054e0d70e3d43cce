package io.github.starling.evaluation;

import io.github.starling.attention.Head;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Outputs of one's own for heads whose outputs belong to another. */
public final class AttentionOutputs {
  private Matrix rows = Matrix.allocate(Arena.ofAuto(), 0, 0);

  /** Starts without memory; the first call allocates it. */
  public AttentionOutputs() {}

  /**
   * Returns the same heads with outputs here, which the next call uses again.
   *
   * @param heads at least one head, all with one dv
   * @throws IllegalArgumentException if they differ in dv
   */
  public List<Head> redirect(List<Head> heads) {
    int dv = heads.getFirst().value().columns();
    int total = heads.stream().mapToInt(h -> h.output().rows()).sum();
    if (rows.rows() < total || rows.columns() != dv) {
      rows = Matrix.allocate(Arena.ofAuto(), total, dv);
    }
    var redirected = new ArrayList<Head>(heads.size());
    int row = 0;
    for (var head : heads) {
      int n = head.output().rows();
      redirected.add(new Head(head.query(), head.key(), head.value(), rows.rows(row, n)));
      row += n;
    }
    return redirected;
  }
}
