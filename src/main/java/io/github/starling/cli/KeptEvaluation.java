package io.github.starling.cli;

import io.github.starling.evaluation.Evaluation;
import io.github.starling.model.FormatException;
import io.github.starling.model.JsonObject;
import java.util.List;

/**
 * The file of an evaluation, as a report reads it.
 *
 * @param json what the file holds
 */
record KeptEvaluation(JsonObject json) {
  /** Tokens from which an input is long. */
  static final int LONG = 100;

  /** Returns task and data. */
  String title() throws FormatException {
    var options = json.object("options");
    boolean hasArticles = options.has("passages") && options.string("passages").equals("articles");
    int join = options.has("join") ? options.whole("join", 1) : 1;
    return json.string("task")
        + ", "
        + json.string("data")
        + (hasArticles ? ", articles" : "")
        + (join > 1 ? TaskRequest.joined(join) : "");
  }

  /** Returns what inputs are long, in the plural. */
  String units() throws FormatException {
    boolean isSpeech = json.string("task").equals(TaskKind.ASR.toString());
    return (isSpeech ? TaskKind.ASR : TaskKind.MLM).units();
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
