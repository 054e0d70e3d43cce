package io.github.starling.speech;

import io.github.starling.attention.Attention;
import io.github.starling.attention.AutomaticAttention;

/**
 * How a {@link Transcriber} works.
 *
 * @param attention how frames attend to each other in the encoder; it serves one call at a time, so
 *     transcribers that work at once need one each
 * @param threads number of threads, the caller's included, ≥ 1
 * @param auditedQueries exact queries of each head that the error is estimated from, 0 for none
 */
public record TranscriberOptions(Attention attention, int threads, int auditedQueries) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public TranscriberOptions {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "cannot run on " + threads + " threads, only on 1 or more");
    }
    if (auditedQueries < 0) {
      throw new IllegalArgumentException("cannot audit " + auditedQueries + " queries");
    }
  }

  /** Returns automatic attention with its usual accepted error, on all processors. */
  public static TranscriberOptions defaults() {
    return new TranscriberOptions(
        new AutomaticAttention(), Runtime.getRuntime().availableProcessors(), 0);
  }

  /** Returns these options with another attention. */
  public TranscriberOptions withAttention(Attention other) {
    return new TranscriberOptions(other, threads, auditedQueries);
  }

  /** Returns these options with another number of threads. */
  public TranscriberOptions withThreads(int other) {
    return new TranscriberOptions(attention, other, auditedQueries);
  }

  /** Returns these options with another number of audited queries. */
  public TranscriberOptions withAuditedQueries(int other) {
    return new TranscriberOptions(attention, threads, other);
  }
}
