package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.model.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccuracyChartsTest {
  @TempDir Path folder;

  private KeptEvaluation evaluation(String measure, double exact, double difference)
      throws IOException {
    Path file = folder.resolve("a.json");
    String summary = "{\"kind\": \"%s\", \"clusters\": %d, \"%s\": {\"mean\": %s, %s}}";
    String none = "\"difference\": 0";
    Files.writeString(
        file,
        """
        {"summaries": [%s, %s],
         "studies": [{"kind": "local", "clusters": 0, "attention_speed_up": 4}]}
        """
            .formatted(
                summary.formatted("full", 0, measure, exact, none),
                summary.formatted("local", 0, measure, 1, "\"difference\": " + difference)));
    return new KeptEvaluation(JsonObject.read(file));
  }

  /** What is lost of a score, and of the words that are right. */
  @ParameterizedTest
  @CsvSource({"F1, 80, -20, 25", "F1, 80, 8, -10", "WER, 4, 24, 25", "WER, 4, -2.4, -2.5"})
  void aLossIsAPartOfWhatExactAttentionGetsRight(
      String measure, double exact, double difference, double loss) throws IOException {
    var points = AccuracyCharts.losses(evaluation(measure, exact, difference), "local");
    assertEquals(1, points.size());
    assertEquals(0.25, points.getFirst().x());
    assertEquals(loss, points.getFirst().y(), 1e-12);
  }

  @Test
  void whereNothingIsRightNothingIsLost() throws IOException {
    assertEquals(0, AccuracyCharts.losses(evaluation("WER", 100, 3), "local").size());
    assertEquals(0, AccuracyCharts.losses(evaluation("F1", 0, 0), "local").size());
  }
}
