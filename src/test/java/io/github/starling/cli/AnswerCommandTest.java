package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.starling.attention.FullAttention;
import io.github.starling.encoder.QuestionAnswerer;
import io.github.starling.encoder.QuestionAnswerer.Answer;
import io.github.starling.encoder.QuestionAnswerer.Options;
import io.github.starling.encoder.QuestionAnswerer.Query;
import io.github.starling.encoder.TinyModel;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tiny model reads 30 tokens: beside a question of one word and the frame, 26 of a text. */
class AnswerCommandTest {
  private static final String TEXT = "a b\n c  d a b";

  @TempDir static Path model;
  @TempDir Path folder;

  @BeforeAll
  static void write() throws Exception {
    TinyModel.writeWithHeads(model);
  }

  private static CommandRun answer(String standardInput, Object... args) {
    return answerWith(model, standardInput, args);
  }

  private static CommandRun answerWith(Path folder, String standardInput, Object... args) {
    var words = new ArrayList<Object>(List.of("answer", "--model", folder));
    words.addAll(List.of(args));
    var in = new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8));
    var cache = new ModelCache(Path.of("/no/such/cache"));
    return CommandRun.of(
        new Surroundings(cache, CommandRun.NO_PROGRAMS, false, in), words.toArray());
  }

  private static List<Answer> answers(String question, int count) throws Exception {
    try (var opened = QuestionAnswerer.open(model, 1)) {
      var query = new Query(question, TEXT);
      var options = Options.defaults(opened).withCount(count);
      return opened.answer(List.of(query), options, new FullAttention()).getFirst();
    }
  }

  @Test
  void answersComeBestFirstWithTheirPlaces() throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), TEXT);
    var expected = new ArrayList<>(List.of("d?"));
    for (var answer : answers("d?", 3)) {
      expected.add(
          String.format(
              Locale.ROOT,
              "%8.4f  %s  (%s, characters %d to %d, score %.2f)",
              answer.probability(),
              answer.text().replaceAll("\\s+", " "),
              file,
              answer.start(),
              answer.end(),
              answer.score()));
    }
    var run = answer("", "--question", "d?", "--top", "3", file);
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    assertEquals(expected, run.out().lines().toList());
  }

  @Test
  void jsonIsALineForEachFileAndQuestion() throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), "d c b");
    var run = answer(TEXT, "--json", "--question", "a", "--question", "b", "-", file);
    var lines =
        run.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertEquals(
        List.of("- a", "- b", file + " a", file + " b"),
        lines.stream().map(line -> text(line, "file") + " " + text(line, "question")).toList());
    var expected = answers("b", 1).getFirst();
    var found = lines.get(1).getAsJsonArray("answers").get(0).getAsJsonObject();
    assertEquals(expected.text(), text(found, "text"));
    assertEquals(expected.start(), found.get("start").getAsInt());
    assertEquals(expected.end(), found.get("end").getAsInt());
    assertEquals(expected.score(), found.get("score").getAsFloat());
    assertEquals(expected.probability(), found.get("probability").getAsDouble());
    assertEquals(TEXT.substring(expected.start(), expected.end()), expected.text());
  }

  private static String text(JsonObject json, String member) {
    return json.get(member).getAsString();
  }

  @Test
  void theSameSeedAnswersTheSameOnAnyNumberOfThreads() {
    var args =
        new ArrayList<Object>(List.of("--question", "a", "--top", "9", "-", "--clusters", "2"));
    args.addAll(List.of("--attention", "clustered", "--threads", 1));
    String expected = answer(TEXT, args.toArray()).out();
    assertEquals(10, expected.lines().count(), expected);
    args.set(args.size() - 1, 2);
    assertEquals(expected, answer(TEXT, args.toArray()).out());
  }

  @Test
  void aLongTextIsCutOrRefusedByName() throws Exception {
    Path file = Files.writeString(folder.resolve("long.txt"), TinyModel.text(40, 1));
    assertEquals(0, answer("", "--question", "a", "--long", "truncate", file).status());
    String refusal = file + ": the text has 40 tokens but beside the question there is room for 26";
    answer("", "--question", "a", "--long", "error", file).refused(1, refusal);
    // what was found in the text before it is not printed either
    answer(TEXT, "--question", "a", "--long", "error", "-", file).refused(1, refusal);
    answer("", "--question", "a", file)
        .refused(
            1,
            file
                + ": 30 tokens leave room for 26 of the text beside the question but 61 are"
                + " needed");
  }

  @Test
  void filesThatAreNoTextAreRefusedByName() throws Exception {
    Path missing = folder.resolve("missing.txt");
    answer("", "--question", "a", missing).refused(1, missing + ": no such file");
    answer("", "--question", "a", folder).refused(1, folder + ": a folder, not a text file");
    answer(" ", "--question", "a", "-").refused(1, "standard input: the text is empty");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', 'b', (byte) 0xff});
    answer("", "--question", "a", binary).refused(1, binary + ", byte 2: text must be UTF-8");
  }

  @Test
  void badUsageIsSaid() {
    answer("a", "-").refused(2, "Missing required option: '--question=QUESTION'");
    answer("a", "--question", "a").refused(2, "Missing required parameter: 'FILE'");
    answer("a", "--question", "a", "--top", "0", "-").refused(1, "--top must be at least 1, not 0");
  }

  @Test
  void aModelWithoutTheHeadIsNamed() throws Exception {
    new TinyModel().write(folder);
    answerWith(folder, "a", "--question", "a", "-")
        .refused(
            1,
            folder
                + ": this model has no head for questions: there is no tensor qa_outputs.weight in"
                + " it");
  }
}
