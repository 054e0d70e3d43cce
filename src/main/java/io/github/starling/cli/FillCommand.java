package io.github.starling.cli;

import io.github.starling.encoder.MaskedLanguageModel;
import io.github.starling.encoder.MaskedLanguageModel.Guess;
import io.github.starling.model.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Guesses masked words. */
@Command(
    name = "fill",
    sortOptions = false,
    description = {
      "Guesses the words of texts that are masked: [MASK] in BERT, <mask> in RoBERTa.",
      "Without --model it takes " + RemoteModel.MASKED_NAME + ".",
      ""
    },
    footer = {"", "Example: starling fill \"The capital of France is [MASK].\""})
final class FillCommand implements Callable<Integer> {
  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "TEXT", description = "Texts with a mask each, or more.")
  private List<String> texts;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "Guesses for each mask; by default ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--json",
      description =
          "Print a line of JSON for each text: text, masks, of each its guesses with token and"
              + " probability.")
  private boolean json;

  @Mixin private AttentionChoice attention;

  @Override
  public Integer call() throws IOException {
    AttentionOptions.checkRange("--top", count, Integer.MAX_VALUE);
    var chosen = attention.make();
    var folder = starling.modelFolder(RemoteModel.MASKED_NAME, spec.commandLine().getErr());
    try (var model = MaskedLanguageModel.open(folder, starling.threads())) {
      // all before any is printed: a text that is refused leaves no half of the output
      var masks = texts.stream().map(text -> model.fill(text, count, chosen)).toList();
      for (int i = 0; i < texts.size(); i++) {
        print(texts.get(i), masks.get(i));
      }
    }
    return 0;
  }

  private void print(String text, List<List<Guess>> masks) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      var line = new LinkedHashMap<String, Object>();
      line.put("text", text);
      line.put("masks", masks.stream().map(FillCommand::json).toList());
      out.println(Json.write(line));
      return;
    }
    out.println(text);
    for (int mask = 0; mask < masks.size(); mask++) {
      if (masks.size() > 1) {
        out.println("mask " + (mask + 1));
      }
      for (var guess : masks.get(mask)) {
        out.println(String.format(Locale.ROOT, "%8.4f  %s", guess.probability(), guess.text()));
      }
    }
  }

  private static List<Map<String, Object>> json(List<Guess> guesses) {
    return guesses.stream()
        .map(
            guess ->
                Map.<String, Object>of("token", guess.text(), "probability", guess.probability()))
        .toList();
  }
}
