package io.github.starling.cli;

import static io.github.starling.cli.MarkdownPage.format;

import io.github.starling.evaluation.Evaluation;
import io.github.starling.evaluation.SpeechRecognition;
import io.github.starling.model.FormatException;
import io.github.starling.model.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Clips that a model transcribed with several kinds of attention.
 *
 * @param evaluation of the task asr
 */
record SpeechSet(KeptEvaluation evaluation) {
  /** Tells whether a kind of attention is in any of some sets. */
  static boolean have(List<SpeechSet> sets, String kind) throws FormatException {
    for (var set : sets) {
      if (set.kinds().containsKey(kind)) {
        return true;
      }
    }
    return false;
  }

  String model() throws FormatException {
    return evaluation.model();
  }

  /** Returns how many clips there are. */
  int clips() throws FormatException {
    return evaluation.json().whole("items", 1);
  }

  /** Returns the length n of a clip, in the mean. */
  double frames() throws FormatException {
    return evaluation.json().number("mean_length");
  }

  /** Returns the length of a clip in seconds, in the mean. */
  double seconds() throws FormatException {
    return Arrays.stream(column(SpeechRecognition.SOUND)).average().orElse(0);
  }

  /** Returns how many words all clips have together. */
  int words() throws FormatException {
    return (int) Arrays.stream(column(SpeechRecognition.WORDS)).sum();
  }

  private double[] column(int column) throws FormatException {
    for (var outcome : evaluation.json().objects("outcomes")) {
      if (outcome.string("kind").equals(Evaluation.EXACT)) {
        return outcome.objects("scores").get(column).numbers("values");
      }
    }
    throw evaluation.json().error("outcomes has none with exact attention");
  }

  /** Returns what a person calls the clips, as a cell of a table. */
  String length() throws FormatException {
    return format("%d × %.0f s", clips(), seconds());
  }

  /** Returns model and clips. */
  String name() throws FormatException {
    return format("%s, %d clips of %.0f s", model(), clips(), seconds());
  }

  SpeechRow exact() throws FormatException {
    return new SpeechRow(evaluation.exact(), null);
  }

  /** Returns what every kind but exact made of the clips, by kind and clusters. */
  List<SpeechRow> rows() throws FormatException {
    var rows = new ArrayList<SpeechRow>();
    for (var summary : evaluation.summaries()) {
      var row = row(summary);
      if (!row.kind().equals(Evaluation.EXACT)) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** Returns the rows of each kind, the fewest clusters first. */
  Map<String, List<SpeechRow>> kinds() throws FormatException {
    var kinds = new LinkedHashMap<String, List<SpeechRow>>();
    for (var row : rows()) {
      kinds.computeIfAbsent(row.kind(), _ -> new ArrayList<>()).add(row);
    }
    return kinds;
  }

  /** Returns the row of a kind with a number of clusters, or null. */
  SpeechRow row(String kind, int clusters) throws FormatException {
    var summary = evaluation.summary(kind, clusters);
    return summary == null ? null : row(summary);
  }

  private SpeechRow row(JsonObject summary) throws FormatException {
    var study = evaluation.study(summary.string("kind"), summary.whole("clusters", 0));
    return new SpeechRow(summary, study);
  }
}
