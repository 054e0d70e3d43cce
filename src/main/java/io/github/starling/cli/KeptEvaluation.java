package io.github.starling.cli;

import io.github.starling.evaluation.Evaluation;
import io.github.starling.model.FormatException;
import io.github.starling.model.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of an evaluation, as a report reads it.
 *
 * @param json what the file holds
 */
record KeptEvaluation(JsonObject json) {
  /** Tokens from which an input is long. */
  static final int LONG = 100;

  /**
   * Reads all evaluations that are finished.
   *
   * @param results folder of their files
   * @return in the order of the files' names, none if there is no folder
   * @throws IOException if a file is damaged or cannot be read
   */
  static List<KeptEvaluation> readAll(Path results) throws IOException {
    var files = new ArrayList<Path>();
    if (Files.isDirectory(results)) {
      try (var entries = Files.newDirectoryStream(results, "*.json")) {
        entries.forEach(files::add);
      }
    }
    var evaluations = new ArrayList<KeptEvaluation>();
    for (Path file : files.stream().sorted().toList()) {
      var evaluation = new KeptEvaluation(JsonObject.read(file));
      if (!evaluation.summaries().isEmpty()) {
        evaluations.add(evaluation);
      }
    }
    return evaluations;
  }

  boolean isSpeech() throws FormatException {
    return json.string("task").equals(TaskKind.ASR.toString());
  }

  /** Returns how many recordings make a clip. */
  int join() throws FormatException {
    var options = json.object("options");
    return options.has("join") ? options.whole("join", 1) : 1;
  }

  /** Returns task and data. */
  String title() throws FormatException {
    var options = json.object("options");
    boolean hasArticles = options.has("passages") && options.string("passages").equals("articles");
    int join = join();
    int masks = options.has("masks") ? options.whole("masks", 1) : 1;
    return json.string("task")
        + ", "
        + json.string("data")
        + (hasArticles ? ", articles" : "")
        + (join > 1 ? TaskRequest.joined(join) : "")
        + (masks > 1 ? TaskRequest.masks(masks) : "");
  }

  /** Returns what inputs are long, in the plural. */
  String units() throws FormatException {
    return (isSpeech() ? TaskKind.ASR : TaskKind.MLM).units();
  }

  /** Returns what one must know to read the measures, empty if nothing. */
  String remark() throws FormatException {
    return json.has("remark") ? json.string("remark") : "";
  }

  String model() throws FormatException {
    return json.string("model");
  }

  /** Returns task, data and model. */
  String name() throws FormatException {
    return title() + ", " + model();
  }

  /** Tells whether inputs are so long that clustering begins to pay. */
  boolean isLong() throws FormatException {
    return json.number("mean_length") >= LONG;
  }

  /** Returns what each kind of attention made of it, exact attention first. */
  List<JsonObject> summaries() throws FormatException {
    return json.objects("summaries");
  }

  /** Returns what was found out about each head, empty if nobody looked. */
  List<JsonObject> heads() throws FormatException {
    return json.objects("heads");
  }

  /** Returns what was found out about rotated channels, or null if nobody looked. */
  JsonObject rotary() throws FormatException {
    return json.has("rotary") ? json.object("rotary") : null;
  }

  JsonObject exact() throws FormatException {
    return summary(Evaluation.EXACT, 0);
  }

  /** Returns the names of the measures, the most important first. */
  List<String> measures() throws FormatException {
    var exact = exact();
    return exact.names().stream().filter(exact::isObject).toList();
  }

  /** Returns what a kind of attention made of the task, or null. */
  JsonObject summary(String kind, int clusters) throws FormatException {
    return find(json.objects("summaries"), kind, clusters);
  }

  /** Returns what was found out about a kind of attention itself, or null. */
  JsonObject study(String kind, int clusters) throws FormatException {
    return find(json.objects("studies"), kind, clusters);
  }

  /** Tells whether any kind of attention has a divergence of answers. */
  boolean hasDivergence() throws FormatException {
    return json.objects("studies").stream().anyMatch(study -> study.has("divergence"));
  }

  private static JsonObject find(List<JsonObject> all, String kind, int clusters)
      throws FormatException {
    for (var one : all) {
      if (one.string("kind").equals(kind) && one.whole("clusters", 0) == clusters) {
        return one;
      }
    }
    return null;
  }
}
