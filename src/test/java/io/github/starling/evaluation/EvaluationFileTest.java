package io.github.starling.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.starling.encoder.TinyModel;
import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationFileTest {
  private static final Setup SETUP = TinyTasks.setup(Map.of("top_k", 32));

  /** Values that a careless form would change. */
  private static final float[] VALUES = {
    0.1f, 1e-8f, -0f, Float.MAX_VALUE, Float.MIN_VALUE, 1 / 3f
  };

  @TempDir Path model;
  @TempDir Path folder;
  private Task task;

  @BeforeEach
  void open() throws Exception {
    TinyModel.writeWithHeads(model);
    task = similarity(VALUES.length, 5);
  }

  @AfterEach
  void close() {
    task.close();
  }

  private Task similarity(int pairs, int words) throws IOException {
    var all = new ArrayList<StsData.Pair>();
    for (int i = 0; i < pairs; i++) {
      all.add(new StsData.Pair(TinyModel.text(words, i), TinyModel.text(4, 9 + i), 1));
    }
    return new SentenceSimilarity(TinyTasks.embedder(model, 1), new StsData(all));
  }

  private EvaluationFile file() throws IOException {
    var file = EvaluationFile.open(folder, SETUP);
    file.describe(task);
    return file;
  }

  private Path written() throws IOException {
    var file = file();
    file.add(new Outcome("full", 0, 0, new float[][] {VALUES}));
    return file.path();
  }

  private static JsonObject json(Path path) throws IOException {
    return JsonParser.parseString(Files.readString(path)).getAsJsonObject();
  }

  @Test
  void everythingReadsBackAsItWas() throws Exception {
    var file = file();
    var study = new AttentionStudy.Result(new double[] {0.1, 1 / 3.0}, 1.5, 0.9);
    var heads =
        List.of(
            new HeadStudy.Result(0, 1, 0.25, new HeadStudy.Shape(0.5, -3, 0.1, 0.2, 0.7)),
            new HeadStudy.Result(1, 0, 1 / 3.0, new HeadStudy.Shape(1, 2, 0.3, 0, 1)));
    var variant = TinyTasks.variant(25, 4);
    file.add(new Outcome("clustered", 25, 4, new float[][] {VALUES}));
    file.addStudy(variant, study);
    file.setHeads(heads);
    var again = file();
    var outcome = again.outcomes().getFirst();
    assertEquals("clustered, 25 clusters", outcome.group());
    assertEquals(4, outcome.seed());
    assertArrayEquals(VALUES, outcome.scores()[0]);
    assertArrayEquals(study.errors(), again.study(variant.group()).errors());
    assertEquals(1.5, again.study(variant.group()).attentionSpeedUp());
    assertEquals(0.9, again.study(variant.group()).encoderSpeedUp());
    assertTrue(again.has(variant) && again.hasStudy(variant) && again.hasHeads());
    assertTrue(!again.hasDivergence(variant)); // as files were before
    again.addDivergence(variant, 1 / 3.0);
    assertEquals(1 / 3.0, file().divergence(variant.group()));
    assertEquals(1.5, file().study(variant.group()).attentionSpeedUp());
    assertTrue(!again.has(TinyTasks.variant(25, 5)) && !again.has(TinyTasks.variant(24, 4)));
    // the heads are written as they were read
    String before = json(file.path()).get("heads").toString();
    again.summarize(List.of());
    assertEquals(before, json(file.path()).get("heads").toString());
    assertTrue(before.contains("\"offset\":-3"), before);
  }

  @Test
  void rotatedChannelsReadBackAsTheyWere() throws Exception {
    Path path = written(); // as files were before
    assertTrue(!file().hasRotary() && !json(path).has("rotary"));
    var layers =
        List.of(
            new RotaryStudy.Layer(0.9, 1 / 3.0, 0.1, 0.25), new RotaryStudy.Layer(0, 1, 0.2, 0.3));
    file().setRotary(new RotaryStudy.Result(6, 8, 40, layers));
    var rotary = json(path).getAsJsonObject("rotary");
    assertEquals(8, rotary.get("width").getAsInt());
    assertEquals(
        "{\"channel_share\":0.9,\"offset_share\":0.3333333333333333,\"spread\":0.1,"
            + "\"random_spread\":0.25}",
        rotary.getAsJsonArray("layers").get(0).toString());
    var again = file();
    assertTrue(again.hasRotary());
    again.summarize(List.of());
    assertEquals(rotary, json(path).getAsJsonObject("rotary"));
    assertEquals(1, json(path).getAsJsonArray("outcomes").size());
  }

  @Test
  void theSizeOfTheTaskIsNoted() throws Exception {
    var json = json(written());
    assertEquals("task", json.get("task").getAsString());
    assertEquals("data.json", json.get("data").getAsString());
    assertEquals("model", json.get("model").getAsString());
    assertEquals("{\"top_k\":32}", json.get("options").toString());
    assertEquals(6, json.get("items").getAsInt());
    assertEquals(12, json.get("sequences").getAsInt());
    // 5 and 4 words in frames of two
    assertEquals(6.5, json.get("mean_length").getAsDouble());
    assertEquals(7, json.get("longest_length").getAsInt());
  }

  @Test
  void otherOptionsGoToAnotherFile() throws Exception {
    Path path = EvaluationFile.open(folder, TinyTasks.setup(Map.of("a", 1, "b", 2))).path();
    assertEquals(path, EvaluationFile.open(folder, TinyTasks.setup(Map.of("b", 2, "a", 1))).path());
    assertNotEquals(
        path, EvaluationFile.open(folder, TinyTasks.setup(Map.of("a", 2, "b", 1))).path());
    var strange = new Setup("qa", "../a b.json", "m/n", Map.of());
    assertEquals(folder, EvaluationFile.open(folder, strange).path().getParent());
  }

  @Test
  void aDamagedFileIsRefusedWithItsPath() throws Exception {
    Path path = written();
    String text = Files.readString(path);
    refused(path, text.substring(0, text.length() / 2), "");
    refused(path, "[]", "the file must be an object but is an array of 0");
    refused(path, text.replace("\"full\"", "3"), "outcomes[0].kind must be a string but is 3");
    refused(
        path,
        text.replace("[0.1,", "["),
        "outcomes[0].scores[0].values must be 6, one of each item, not 5");
  }

  @Test
  void outcomesOfOtherDataOfTheSameNameAreRefused() throws Exception {
    Path path = written();
    task.close();
    task = similarity(VALUES.length, 6);
    refused(
        path,
        Files.readString(path),
        "these outcomes are of other data or another model of the same name: mean_length is 6.5,"
            + " not 7.0");
  }

  private void refused(Path path, String text, String problem) throws IOException {
    Files.writeString(path, text);
    var e = assertThrows(FormatException.class, this::file);
    assertTrue(e.getMessage().startsWith(path + ", byte "), e.getMessage());
    assertTrue(e.getMessage().endsWith(problem), e.getMessage());
    assertEquals(text, Files.readString(path));
  }
}
