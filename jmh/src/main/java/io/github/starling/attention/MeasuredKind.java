package io.github.starling.attention;

import io.github.starling.kernel.Workers;
import java.util.Arrays;

/**
 * A kind of attention with its settings, as one word and numbers.
 *
 * <pre>
 * refined-clustered C=16 b=44 w=8
 * </pre>
 */
record MeasuredKind(String setting) {
  /** How far automatic attention's error may be above the accepted one: it knows a sample. */
  private static final double AUDIT_MARGIN = 1.25;

  private String kind() {
    return setting.split(" ")[0];
  }

  private double number(String name) {
    return Arrays.stream(setting.split(" "))
        .filter(word -> word.startsWith(name + "="))
        .mapToDouble(word -> Double.parseDouble(word.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(setting + ": there is no " + name));
  }

  private int count(String name) {
    return (int) number(name);
  }

  private ClusterOptions clusters() {
    return ClusterOptions.of(count("C"));
  }

  private RefinedOptions refined() {
    return new RefinedOptions(count("C"), count("b"), count("w"));
  }

  private ReformerOptions reformer() {
    return new ReformerOptions(count("R"), count("h"), 0);
  }

  Attention create() {
    return switch (kind()) {
      case "clustered" -> new ClusteredAttention(clusters());
      case "improved-clustered" -> new ImprovedClusteredAttention(clusters(), count("k"));
      case "causal-improved-clustered" ->
          new CausalImprovedClusteredAttention(clusters(), count("k"));
      case "refined-clustered" -> new RefinedClusteredAttention(refined());
      case "auto" -> new AutomaticAttention(number("e"));
      case "local" -> new LocalAttention(count("w"));
      case "reformer" -> new ReformerAttention(reformer());
      default -> baseline();
    };
  }

  /** Returns the exact attention that it stands for. */
  Attention baseline() {
    return switch (kind()) {
      case "causal", "causal-improved-clustered" -> new CausalAttention();
      case "shared-qk", "reformer" -> new SharedQkAttention();
      default -> new FullAttention();
    };
  }

  /** Returns the largest error that it promises. */
  double bound() {
    return kind().equals("auto") ? AUDIT_MARGIN * number("e") : Double.MAX_VALUE;
  }

  /** Holds it to its twin; automatic attention is held to its {@link #bound}. */
  void check(Head head, double scale, Workers workers) {
    switch (kind()) {
      case "improved-clustered" ->
          TwinAgreement.checkImproved(head, clusters(), count("k"), scale, workers);
      case "refined-clustered" -> TwinAgreement.checkRefined(head, refined(), scale, workers);
      case "auto" -> {}
      default -> TwinAgreement.check(setting, create(), head, twin(scale), scale, workers);
    }
  }

  private TwinAgreement.Twin twin(double scale) {
    return switch (kind()) {
      case "clustered" ->
          (head, twin) ->
              io.github.starling.reference.ClusteredAttention.attend(
                  twin, TwinAgreement.cluster(head, clusters()), scale);
      case "causal-improved-clustered" ->
          (head, twin) ->
              io.github.starling.reference.CausalImprovedClusteredAttention.attend(
                  twin, TwinAgreement.cluster(head, clusters()), count("k"), scale);
      case "causal" ->
          (_, twin) -> io.github.starling.reference.CausalAttention.attend(twin, scale);
      case "local" ->
          (_, twin) -> io.github.starling.reference.LocalAttention.attend(twin, count("w"), scale);
      case "shared-qk" ->
          (_, twin) -> io.github.starling.reference.SharedQkAttention.attend(twin, scale);
      case "reformer" ->
          (head, twin) ->
              io.github.starling.reference.ReformerAttention.attend(
                  twin, TwinAgreement.directions(head, reformer()), reformer().chunk(), scale);
      default -> throw new IllegalArgumentException("no attention is called " + kind());
    };
  }
}
