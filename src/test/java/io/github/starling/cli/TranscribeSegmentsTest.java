package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.starling.attention.ErrorEstimate;
import io.github.starling.attention.FullAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.evaluation.TinyClips;
import io.github.starling.speech.SoundFile;
import io.github.starling.speech.Transcriber;
import io.github.starling.speech.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code transcribe --json} says of each piece of a recording. */
class TranscribeSegmentsTest {
  private static TinyRecogniser tiny;

  @TempDir Path folder;

  @BeforeAll
  static void model(@TempDir Path model) throws IOException {
    tiny = TinyRecogniser.write(model);
  }

  private static JsonObject json(Object... args) {
    var run = tiny.run(args);
    assertEquals(0, run.status(), run.err());
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static List<JsonObject> segments(JsonObject json) {
    return json.getAsJsonArray("segments").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private static double length(JsonObject segment) {
    return segment.get("end").getAsDouble() - segment.get("start").getAsDouble();
  }

  @Test
  void theyCoverTheFileAndHaveWhatIsHeardInThem() throws IOException {
    Path file = TinyRecogniser.noise(folder.resolve("long.wav"), 200_000);
    float[] samples = SoundFile.read(file);
    var json = json(file, "--json", "--segment", "1");
    assertEquals(
        List.of("file", "seconds", "text", "real_time_factor", "segments"),
        List.copyOf(json.keySet()));
    assertEquals(file.toString(), json.get("file").getAsString());
    assertEquals(12.5, json.get("seconds").getAsDouble());
    var segments = segments(json);
    assertTrue(segments.size() > 12, "more than are decoded side by side: " + segments.size());
    int next = 0;
    double work = 0;
    var texts = new ArrayList<String>();
    for (var segment : segments) {
      int from = (int) Math.round(16_000 * segment.get("start").getAsDouble());
      int to = (int) Math.round(16_000 * segment.get("end").getAsDouble());
      assertEquals(next, from);
      assertTrue(to - from <= 16_000, segment::toString);
      var expected = tiny.heard(Arrays.copyOfRange(samples, from, to), new FullAttention());
      assertHeard(expected, segment);
      texts.add(expected.text().strip());
      work += sum(segment.getAsJsonObject("times"));
      next = to;
    }
    assertEquals(200_000, next);
    texts.removeIf(String::isEmpty);
    assertEquals(String.join(" ", texts), json.get("text").getAsString());
    double all = json.get("real_time_factor").getAsDouble() * 12.5;
    assertTrue(work > 0 && work <= all, work + " of " + all + " seconds");
  }

  private static void assertHeard(Transcript expected, JsonObject segment) {
    assertEquals(
        List.of("start", "end", "text", "frames", "tokens", "ending", "times"),
        List.copyOf(segment.keySet()));
    assertEquals(expected.text(), segment.get("text").getAsString());
    assertEquals(expected.frames(), segment.get("frames").getAsInt());
    assertEquals(
        Arrays.stream(expected.tokens()).boxed().toList(),
        segment.getAsJsonArray("tokens").asList().stream().map(JsonElement::getAsInt).toList());
    assertEquals(
        expected.ending().name().toLowerCase(Locale.ROOT), segment.get("ending").getAsString());
  }

  private static double sum(JsonObject times) {
    assertEquals(3, times.size());
    return List.of("front_end", "encoder", "decoder").stream()
        .mapToDouble(part -> times.get(part).getAsDouble())
        .sum();
  }

  @Test
  void theyAreAsLongAsAPersonWants() throws IOException {
    Path file = TinyRecogniser.noise(folder.resolve("long.wav"), 34 * 16_000);
    var longest = Map.of("auto", 30.0, "5", 5.0, "12.5", 12.5, "none", 34.0);
    longest.forEach(
        (how, limit) -> {
          var segments = segments(json("--json", "--segment", how, file));
          double most = segments.stream().mapToDouble(s -> length(s)).max().orElseThrow();
          assertTrue(most <= limit && most > limit / 2, how + ": " + most);
          assertEquals(34, segments.getLast().get("end").getAsDouble());
        });
    assertEquals(
        json("--json", "--segment", "auto", file).get("text"), json("--json", file).get("text"));
  }

  @Test
  void thoseOfSilenceAreLeftOut() throws IOException {
    float[] noise = TinyClips.noise(60_000, 8);
    Arrays.fill(noise, 15_000, 45_000, 0);
    Path file = Files.write(folder.resolve("pause.wav"), TinyClips.wav(noise));
    var segments = segments(json("--json", "--segment", "1", file));
    assertEquals(0, segments.getFirst().get("start").getAsDouble());
    assertEquals(3.75, segments.getLast().get("end").getAsDouble());
    double covered = segments.stream().mapToDouble(s -> length(s)).sum();
    assertTrue(covered > 30_000 / 16_000.0 && covered < 3, segments.toString());
  }

  @Test
  void aSilentFileHasNoneAndAnEmptyText() throws IOException {
    Path file = Files.write(folder.resolve("silent.wav"), TinyClips.wav(new float[16_000]));
    for (String kind : List.of("full", "refined-clustered", "auto")) {
      var run = tiny.run(file, "--attention", kind);
      assertEquals(new CommandRun(0, System.lineSeparator(), ""), run);
    }
    var json = json(file, "--json", "--audit=4");
    assertEquals("", json.get("text").getAsString());
    assertEquals(List.of(), segments(json));
    assertEquals(1, segments(json(file, "--json", "--segment=none")).size());
  }

  @Test
  void anAuditHasTheErrorOfEachLayerWithTheSettingsForRotaryPositions() throws IOException {
    Path file = TinyRecogniser.noise(folder.resolve("c.wav"), 100_000);
    var json = json("--json", "--audit=4", "--attention", "refined-clustered", file);
    var audit = segments(json).getFirst().getAsJsonObject("audit");
    assertEquals(TinyRecogniser.AUDITED, audit.get("queries").getAsInt());
    float[] samples = SoundFile.read(file);
    int n = Transcriber.frames(samples.length);
    var rotary = new RefinedClusteredAttention(RefinedOptions.usualRotary(n));
    var usual = new RefinedClusteredAttention(RefinedOptions.usual(n));
    var errors = errors(audit.getAsJsonArray("layers"));
    assertEquals(errors(tiny.heard(samples, rotary)), errors);
    assertNotEquals(errors(tiny.heard(samples, usual)), errors);
  }

  private static List<Double> errors(Transcript transcript) {
    return transcript.errors().stream().map(ErrorEstimate::error).toList();
  }

  private static List<Double> errors(JsonArray layers) {
    return layers.asList().stream()
        .map(layer -> layer.getAsJsonObject().get("error").getAsDouble())
        .toList();
  }

  @Test
  void anAuditDoesNotTakeTheFileAfterItForItsNumber() throws IOException {
    Path file = TinyRecogniser.noise(folder.resolve("c.wav"), 2_000);
    assertEquals(8, audited(json("--json", "--audit", file)));
    assertEquals(3, audited(json("--json", "--audit", "3", file)));
    assertEquals(8, audited(json(file, "--json", "--audit")));
  }

  private static int audited(JsonObject json) {
    var audit = segments(json).getFirst().getAsJsonObject("audit");
    return audit.get("queries").getAsInt();
  }
}
