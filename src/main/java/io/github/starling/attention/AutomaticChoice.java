package io.github.starling.attention;

import java.util.Locale;

/**
 * What automatic attention chose in a call.
 *
 * @param maxError the error that is accepted
 * @param tried settings of refined clustered attention that the pilot had; null if there was none
 * @param heads of the call
 * @param exactHeads of these that came out exact
 * @param error estimate from the audited queries: of the output, or of the pilot if that was so far
 *     off that all heads are exact; 0 without a pilot
 */
public record AutomaticChoice(
    double maxError, RefinedOptions tried, int heads, int exactHeads, double error) {

  /** Says it in one line, with the reason. */
  @Override
  public String toString() {
    String accepted = String.format(Locale.ROOT, "%.4g accepted", maxError);
    if (tried == null) {
      return "exact: nothing else pays at this length with an error of " + accepted;
    }
    String settings =
        "refined-clustered with %d clusters, %d exact keys, window %d"
            .formatted(tried.clusters(), tried.exactKeys(), tried.window());
    return exactHeads == heads
        ? String.format(
            Locale.ROOT, "exact: %s has error %.4f on some heads, %s", settings, error, accepted)
        : String.format(
            Locale.ROOT,
            "%s, %d of %d heads exact: error %.4f, %s",
            settings,
            exactHeads,
            heads,
            error,
            accepted);
  }
}
