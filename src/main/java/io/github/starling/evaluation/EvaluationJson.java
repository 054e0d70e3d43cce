package io.github.starling.evaluation;

import io.github.starling.model.FormatException;
import io.github.starling.model.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON form of what an {@link EvaluationFile} keeps. */
final class EvaluationJson {
  private EvaluationJson() {}

  static List<Outcome> outcomes(JsonObject json) throws FormatException {
    int items = json.whole("items", 1);
    var outcomes = new ArrayList<Outcome>();
    for (var outcome : json.objects("outcomes")) {
      var columns = new ArrayList<float[]>();
      for (var column : outcome.objects("scores")) {
        double[] values = column.numbers("values");
        if (values.length != items) {
          throw column.error(
              "%s.values must be %d, one of each item, not %d"
                  .formatted(column.name(), items, values.length));
        }
        var scores = new float[items];
        for (int i = 0; i < scores.length; i++) {
          scores[i] = (float) values[i];
        }
        columns.add(scores);
      }
      outcomes.add(
          new Outcome(
              outcome.string("kind"),
              outcome.whole("clusters", 0),
              outcome.whole("seed", 0),
              columns.toArray(float[][]::new)));
    }
    return outcomes;
  }

  static EvaluationFile.Study study(JsonObject json) throws FormatException {
    return new EvaluationFile.Study(
        json.string("kind"),
        json.whole("clusters", 0),
        new AttentionStudy.Result(
            json.numbers("errors"),
            json.number("attention_speed_up"),
            json.number("encoder_speed_up")),
        json.has("divergence") ? json.number("divergence") : Double.NaN);
  }

  static List<HeadStudy.Result> heads(JsonObject json) throws FormatException {
    var heads = new ArrayList<HeadStudy.Result>();
    for (var head : json.objects("heads")) {
      var shape =
          new HeadStudy.Shape(
              head.number("entropy"),
              (int) head.number("offset"),
              head.number("offset_share"),
              head.number("separator_share"),
              head.number("top_share"));
      heads.add(
          new HeadStudy.Result(
              head.whole("layer", 0), head.whole("head", 0), head.number("error"), shape));
    }
    return heads;
  }

  static RotaryStudy.Result rotary(JsonObject json) throws FormatException {
    var layers = new ArrayList<RotaryStudy.Layer>();
    for (var layer : json.objects("layers")) {
      layers.add(
          new RotaryStudy.Layer(
              layer.number("channel_share"),
              layer.number("offset_share"),
              layer.number("spread"),
              layer.number("random_spread")));
    }
    return new RotaryStudy.Result(
        json.whole("channels", 1), json.whole("width", 1), json.whole("length", 1), layers);
  }

  static Map<String, Object> of(Summary summary) {
    var json = kind(summary.kind(), summary.clusters());
    json.put("seeds", summary.seeds());
    for (var value : summary.values()) {
      var measure = new LinkedHashMap<String, Object>();
      measure.put("mean", value.mean());
      measure.put("spread", value.spread());
      measure.put("difference", value.difference());
      measure.put("low", value.interval().low());
      measure.put("high", value.interval().high());
      json.put(value.measure(), measure);
    }
    return json;
  }

  static Map<String, Object> of(EvaluationFile.Study study) {
    var json = kind(study.kind(), study.clusters());
    json.put("errors", Arrays.stream(study.result().errors()).boxed().toList());
    json.put("attention_speed_up", study.result().attentionSpeedUp());
    json.put("encoder_speed_up", study.result().encoderSpeedUp());
    if (!Double.isNaN(study.divergence())) {
      json.put("divergence", study.divergence());
    }
    return json;
  }

  static Map<String, Object> of(HeadStudy.Result head) {
    var json = new LinkedHashMap<String, Object>();
    json.put("layer", head.layer());
    json.put("head", head.head());
    json.put("error", head.error());
    json.put("entropy", head.shape().entropy());
    json.put("offset", head.shape().offset());
    json.put("offset_share", head.shape().offsetShare());
    json.put("separator_share", head.shape().separatorShare());
    json.put("top_share", head.shape().topShare());
    return json;
  }

  static Map<String, Object> of(RotaryStudy.Result rotary) {
    var json = new LinkedHashMap<String, Object>();
    json.put("channels", rotary.channels());
    json.put("width", rotary.width());
    json.put("length", rotary.length());
    var layers = new ArrayList<Map<String, Object>>();
    for (var layer : rotary.layers()) {
      var one = new LinkedHashMap<String, Object>();
      one.put("channel_share", layer.channelShare());
      one.put("offset_share", layer.offsetShare());
      one.put("spread", layer.spread());
      one.put("random_spread", layer.randomSpread());
      layers.add(one);
    }
    json.put("layers", layers);
    return json;
  }

  static Map<String, Object> of(Outcome outcome) {
    var json = kind(outcome.kind(), outcome.clusters());
    json.put("seed", outcome.seed());
    var columns = new ArrayList<Map<String, Object>>();
    for (float[] column : outcome.scores()) {
      columns.add(Map.of("values", column));
    }
    json.put("scores", columns);
    return json;
  }

  private static LinkedHashMap<String, Object> kind(String kind, int clusters) {
    var json = new LinkedHashMap<String, Object>();
    json.put("kind", kind);
    json.put("clusters", clusters);
    return json;
  }
}
