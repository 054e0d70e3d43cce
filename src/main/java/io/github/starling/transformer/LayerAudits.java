package io.github.starling.transformer;

import io.github.starling.attention.Audit;
import io.github.starling.attention.ErrorEstimate;
import io.github.starling.attention.Head;
import io.github.starling.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * Audits the attention of every layer. The exact rows are kept, so later layers read them.
 *
 * @see Audit
 */
public final class LayerAudits implements AttentionObserver {
  private final Audit audit;
  private final Workers workers;
  private final List<ErrorEstimate> layers = new ArrayList<>();

  /**
   * Begins with no layer.
   *
   * @param queries exact queries of each head, ≥ 1
   * @param workers threads to share the work
   * @throws IllegalArgumentException if there is no query
   */
  public LayerAudits(int queries, Workers workers) {
    audit = new Audit(queries);
    this.workers = workers;
  }

  @Override
  public void attended(int layer, List<Head> heads, double scale) {
    while (layers.size() <= layer) {
      layers.add(ErrorEstimate.NONE);
    }
    layers.set(layer, layers.get(layer).and(audit.measure(heads, scale, workers).all()));
  }

  /** Returns the error of each layer over all calls since the last reset. */
  public List<ErrorEstimate> layers() {
    return List.copyOf(layers);
  }

  /** Forgets all calls. */
  public void reset() {
    layers.clear();
  }
}
