package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.LongText;
import io.github.starling.encoder.QuestionAnswerer;
import io.github.starling.encoder.QuestionAnswerer.Answer;
import io.github.starling.encoder.QuestionAnswerer.Options;
import io.github.starling.encoder.QuestionAnswerer.Query;
import io.github.starling.model.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Finds the answers to questions in texts. */
@Command(
    name = "answer",
    sortOptions = false,
    description = {
      "Finds the answer to a question in a text, word for word. Needs a model that was tuned for"
          + " it (BertForQuestionAnswering).",
      ""
    },
    footer = {
      "",
      "Example: starling answer --model bert-squad --question \"Who wrote it?\" story.txt"
    })
final class AnswerCommand implements Callable<Integer> {
  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files of UTF-8 text; - is the standard input.")
  private List<String> files;

  @Option(
      names = "--question",
      required = true,
      paramLabel = "QUESTION",
      description = "What is asked; may be given repeatedly.")
  private List<String> questions;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "1",
      description = "Answers to each question; by default ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--long",
      paramLabel = "HOW",
      description =
          "What to do with a text that is longer than the model reads at once: error, truncate, or"
              + " window (read all in overlapping windows, the default).")
  private LongText longText = LongText.WINDOW;

  @Option(
      names = "--json",
      description =
          "Print a line of JSON for each question and file: question, file, answers, of each text,"
              + " start and end (characters of the file), score (sum of two logits), probability.")
  private boolean json;

  @Mixin private AttentionChoice attention;

  @Override
  public Integer call() throws IOException {
    AttentionOptions.checkRange("--top", count, Integer.MAX_VALUE);
    if (starling.modelName() == null) {
      throw new ParameterException(
          spec.commandLine(), "which model? Name one that was tuned for questions with --model");
    }
    var chosen = attention.make();
    var sources = new ArrayList<TextSource>();
    for (String file : files) {
      sources.add(TextSource.read(file, starling.surroundings().standardInput()));
    }
    var folder = starling.folder(starling.modelName(), spec.commandLine().getErr());
    try (var model = QuestionAnswerer.open(folder, starling.threads())) {
      var usual = Options.defaults(model);
      var options =
          new Options(
              usual.maxTokens(),
              usual.maxQuestionTokens(),
              usual.maxAnswerTokens(),
              longText,
              count);
      // all before any is printed: a text that is refused leaves no half of the output
      var answers = sources.stream().map(source -> answer(model, source, options, chosen)).toList();
      for (int s = 0; s < sources.size(); s++) {
        for (int q = 0; q < questions.size(); q++) {
          print(questions.get(q), sources.get(s), answers.get(s).get(q));
        }
      }
    }
    return 0;
  }

  private List<List<Answer>> answer(
      QuestionAnswerer model, TextSource source, Options options, Attention chosen) {
    var queries = questions.stream().map(q -> new Query(q, source.text())).toList();
    try {
      return model.answer(queries, options, chosen);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source.name() + ": " + e.getMessage(), e);
    }
  }

  private void print(String question, TextSource source, List<Answer> answers) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      var line = new LinkedHashMap<String, Object>();
      line.put("question", question);
      line.put("file", source.place());
      line.put("answers", answers.stream().map(AnswerCommand::json).toList());
      out.println(Json.write(line));
      return;
    }
    out.println(question);
    for (var answer : answers) {
      out.println(
          String.format(
              Locale.ROOT,
              "%8.4f  %s  (%s, characters %d to %d, score %.2f)",
              answer.probability(),
              answer.text().strip().replaceAll("\\s+", " "),
              source.name(),
              answer.start(),
              answer.end(),
              answer.score()));
    }
  }

  private static Map<String, Object> json(Answer answer) {
    var json = new LinkedHashMap<String, Object>();
    json.put("text", answer.text());
    json.put("start", answer.start());
    json.put("end", answer.end());
    json.put("score", answer.score());
    json.put("probability", answer.probability());
    return json;
  }
}
