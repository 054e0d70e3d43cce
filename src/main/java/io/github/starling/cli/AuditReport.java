package io.github.starling.cli;

import io.github.starling.attention.Audit;
import io.github.starling.attention.AutomaticChoice;
import io.github.starling.attention.ErrorEstimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts estimated errors into words and JSON. */
final class AuditReport {
  private AuditReport() {}

  /** Returns a sentence. */
  static String sentence(Audit.Result result) {
    return String.format(
        Locale.ROOT,
        "starling: relative error %.4f ± %.4f, estimated from %d quer%s of each head",
        result.all().error(),
        result.all().standardError(),
        result.queries(),
        result.queries() == 1 ? "y" : "ies");
  }

  /** Returns what the output says of its error before the audit. */
  static Map<String, String> metadata(Audit.Result result) {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("audit_queries", Integer.toString(result.queries()));
    metadata.put("audit_error", Double.toString(result.all().error()));
    metadata.put("audit_standard_error", Double.toString(result.all().standardError()));
    return metadata;
  }

  /** Returns what a line of JSON has under {@code audit}. */
  static Map<String, Object> json(Audit.Result result) {
    var json = new LinkedHashMap<String, Object>();
    json.put("queries", result.queries());
    json.putAll(json(result.all()));
    json.put("heads", result.heads().stream().map(AuditReport::json).toList());
    return json;
  }

  /** Returns the same for the layers of an encoder. */
  static Map<String, Object> json(int queries, List<ErrorEstimate> layers) {
    var json = new LinkedHashMap<String, Object>();
    json.put("queries", queries);
    json.put("layers", layers.stream().map(AuditReport::json).toList());
    return json;
  }

  /** Returns what automatic attention chose. */
  static Map<String, Object> json(AutomaticChoice choice) {
    var json = new LinkedHashMap<String, Object>();
    json.put("max_error", choice.maxError());
    if (choice.tried() != null) {
      json.put("clusters", choice.tried().clusters());
      json.put("exact_keys", choice.tried().exactKeys());
      json.put("window", choice.tried().window());
    }
    json.put("heads", choice.heads());
    json.put("exact_heads", choice.exactHeads());
    json.put("error", finite(choice.error()));
    json.put("why", choice.toString());
    return json;
  }

  private static Map<String, Object> json(ErrorEstimate estimate) {
    var json = new LinkedHashMap<String, Object>();
    json.put("error", finite(estimate.error()));
    json.put("standard_error", finite(estimate.standardError()));
    return json;
  }

  /** JSON has no word for what is not a number but null. */
  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
