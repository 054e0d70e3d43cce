package io.github.starling.evaluation;

import io.github.starling.model.AtomicWrite;
import io.github.starling.model.FormatException;
import io.github.starling.model.Json;
import io.github.starling.model.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The outcomes of an evaluation in a JSON file, which is whole at any time.
 *
 * <p>Its name tells task, data, model and a number made of the options, so that evaluations with
 * other options do not meet.
 */
final class EvaluationFile {
  private final Path path;
  private final Setup setup;
  private final Map<String, Object> head = new LinkedHashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Map<String, Study> studies = new LinkedHashMap<>();
  private List<Summary> summaries = List.of();
  private List<HeadStudy.Result> heads = List.of();

  /** Null unless somebody looked. */
  private RotaryStudy.Result rotary;

  /** What the file holds when it is opened, null if there is none. */
  private JsonObject earlier;

  /** What was found out about a kind of attention; its divergence is NaN if nobody looked. */
  record Study(String kind, int clusters, AttentionStudy.Result result, double divergence) {}

  private EvaluationFile(Path path, Setup setup) {
    this.path = path;
    this.setup = setup;
  }

  /**
   * Opens the file of a setup if there is one in a folder, else begins it.
   *
   * @throws FormatException if the file is damaged
   * @throws IOException if it cannot be read, or the folder not be made
   */
  static EvaluationFile open(Path folder, Setup setup) throws IOException {
    Files.createDirectories(folder);
    var options = new TreeMap<>(setup.options());
    String name =
        "%s-%s-%s-%08x.json"
            .formatted(setup.task(), setup.data(), setup.model(), options.toString().hashCode());
    var file = new EvaluationFile(folder.resolve(name.replaceAll("[^\\w.-]", "_")), setup);
    if (Files.exists(file.path)) {
      file.read(JsonObject.read(file.path));
    }
    return file;
  }

  Path path() {
    return path;
  }

  /**
   * Notes the size of the task and the length of what the model reads.
   *
   * @throws FormatException if the file is there and has others: only the names are the same
   */
  void describe(Task task) throws FormatException {
    var lengths = Arrays.stream(task.inputs().lengths()).summaryStatistics();
    head.put("task", setup.task());
    head.put("data", setup.data());
    head.put("model", setup.model());
    head.put("options", new TreeMap<>(setup.options()));
    if (!task.remark().isEmpty()) {
      head.put("remark", task.remark());
    }
    head.put("items", task.items());
    head.put("sequences", lengths.getCount());
    head.put("mean_length", lengths.getAverage());
    head.put("longest_length", lengths.getMax());
    for (String size : List.of("items", "sequences", "mean_length", "longest_length")) {
      double now = ((Number) head.get(size)).doubleValue();
      if (earlier != null && earlier.number(size) != now) {
        throw earlier.error(
            "these outcomes are of other data or another model of the same name: %s is %s, not %s"
                .formatted(size, earlier.number(size), now));
      }
    }
  }

  boolean has(Variant variant) {
    return outcomes.stream()
        .anyMatch(o -> o.group().equals(variant.group()) && o.seed() == variant.seed());
  }

  boolean hasStudy(Variant variant) {
    return studies.containsKey(variant.group());
  }

  /** Returns what was found out about a group, or null. */
  AttentionStudy.Result study(String group) {
    var study = studies.get(group);
    return study == null ? null : study.result;
  }

  boolean hasDivergence(Variant variant) {
    return !Double.isNaN(divergence(variant.group()));
  }

  /** Returns the divergence of a group, or NaN. */
  double divergence(String group) {
    var study = studies.get(group);
    return study == null ? Double.NaN : study.divergence;
  }

  /** Returns what is there: exact attention first, then by kind, clusters and seed. */
  List<Outcome> outcomes() {
    return outcomes.stream()
        .sorted(
            Comparator.comparing((Outcome o) -> !o.kind().equals(Evaluation.EXACT))
                .thenComparing(Outcome::kind)
                .thenComparing(Outcome::clusters)
                .thenComparing(Outcome::seed))
        .toList();
  }

  void add(Outcome outcome) throws IOException {
    outcomes.add(outcome);
    write();
  }

  void addStudy(Variant variant, AttentionStudy.Result result) throws IOException {
    studies.put(variant.group(), new Study(variant.kind(), variant.clusters(), result, Double.NaN));
    write();
  }

  /** Adds to what a study found out. */
  void addDivergence(Variant variant, double divergence) throws IOException {
    studies.computeIfPresent(
        variant.group(), (_, s) -> new Study(s.kind, s.clusters, s.result, divergence));
    write();
  }

  boolean hasHeads() {
    return !heads.isEmpty();
  }

  void setHeads(List<HeadStudy.Result> all) throws IOException {
    heads = all;
    write();
  }

  boolean hasRotary() {
    return rotary != null;
  }

  void setRotary(RotaryStudy.Result found) throws IOException {
    rotary = found;
    write();
  }

  void summarize(List<Summary> all) throws IOException {
    summaries = all;
    write();
  }

  private void read(JsonObject json) throws IOException {
    earlier = json;
    outcomes.addAll(EvaluationJson.outcomes(json));
    for (var study : json.objects("studies")) {
      var found = EvaluationJson.study(study);
      studies.put(Variant.group(found.kind(), found.clusters()), found);
    }
    heads = EvaluationJson.heads(json);
    rotary = json.has("rotary") ? EvaluationJson.rotary(json.object("rotary")) : null;
  }

  private void write() throws IOException {
    var json = new LinkedHashMap<>(head);
    json.put("summaries", summaries.stream().map(EvaluationJson::of).toList());
    json.put("studies", studies.values().stream().map(EvaluationJson::of).toList());
    json.put("heads", heads.stream().map(EvaluationJson::of).toList());
    if (rotary != null) {
      json.put("rotary", EvaluationJson.of(rotary));
    }
    json.put("outcomes", outcomes.stream().map(EvaluationJson::of).toList());
    AtomicWrite.text(path, Json.write(json) + "\n");
  }
}
