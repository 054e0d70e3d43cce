package io.github.starling.attention;

/** What refined clustered attention changes, for {@link RefinedClusteredAttention#without}. */
public enum RefinedIngredient {
  /** Keys less their mean. Without: keys as they are. */
  CENTRED_KEYS,

  /** Clusters of sketches. Without: of the paper's signatures, as {@link ClusterOptions#of}. */
  SKETCHES,

  /**
   * Exact keys by importance, within one budget. Without: those that each centroid gives most to,
   * as many for every cluster.
   */
  IMPORTANCE,

  /** One budget for the heads of a sequence. Without: one for each head. */
  SHARED_BUDGET,

  /**
   * One softmax over exact scores and the centroid's. Without: exact keys share out what the
   * centroid gives to them together, arXiv:2007.04825 §3.3.
   */
  JOINT_SOFTMAX
}
