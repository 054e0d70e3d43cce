package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.EmbedderOptions;
import io.github.starling.encoder.LongText;
import io.github.starling.kernel.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows how fast clustered attention is on a text, and how far from exact attention. */
@Command(
    name = "compare",
    sortOptions = false,
    description = {
      "Reads texts with exact attention and each kind of clustered and local attention, and shows"
          + " how long each takes and how far it is from exact.",
      ""
    },
    footer = {"", "Example: starling compare README.md"})
final class CompareCommand implements Callable<Integer> {
  private static final List<AttentionKind> TEXT_KINDS =
      List.of(
          AttentionKind.FULL,
          AttentionKind.CLUSTERED,
          AttentionKind.IMPROVED_CLUSTERED,
          AttentionKind.REFINED_CLUSTERED,
          AttentionKind.LOCAL);

  /** Clustered attention alone is of no use on long sequences. */
  private static final List<AttentionKind> LENGTH_KINDS =
      List.of(
          AttentionKind.FULL, AttentionKind.IMPROVED_CLUSTERED, AttentionKind.REFINED_CLUSTERED);

  /** Beyond it a text takes minutes and shows nothing new. */
  private static final int MOST_TOKENS = 4096;

  private static final int SHORTEST = 1024;

  private static final String TEXT_ROW = "%-18s %11s %9s %10s %11s %10s";
  private static final String LENGTH_ROW = "%8s %10s %10s %9s %7s %10s %9s %7s";

  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files of UTF-8 text; - is the standard input.")
  private List<String> files;

  @Option(
      names = "--longest",
      paramLabel = "N",
      defaultValue = "16384",
      description =
          "Longest sequence on which attention alone is measured, 0 for none; by default"
              + " ${DEFAULT-VALUE}.")
  private int longest;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "8",
      description = "How long to measure each text; by default ${DEFAULT-VALUE}.")
  private double seconds;

  @Mixin private AttentionOptions options;

  @Override
  public Integer call() throws IOException {
    var sources = new ArrayList<TextSource>();
    for (String file : files) {
      sources.add(TextSource.read(file, starling.surroundings().standardInput()));
    }
    var folder = starling.modelFolder(RemoteModel.DEFAULT_NAME, spec.commandLine().getErr());
    int threads = starling.threads();
    var settings = EmbedderOptions.defaults().withThreads(threads).withLongText(LongText.WINDOW);
    try (var embedder = Embedder.open(folder, settings);
        var workers = new Workers(threads)) {
      introduce(embedder, folder, threads);
      for (var source : sources) {
        compareText(embedder, source, workers);
      }
      if (longest >= SHORTEST) {
        compareLengths(embedder, sources, workers);
      }
    }
    return 0;
  }

  private void introduce(Embedder embedder, Path folder, int threads) {
    spec.commandLine().getErr().println("starling: measuring, which takes about a minute");
    var config = embedder.encoder().config();
    print(
        "%s: %d layers, %d heads of %d columns; %d thread%s; times are medians",
        folder.getFileName(),
        config.layers(),
        config.heads(),
        config.headSize(),
        threads,
        threads == 1 ? "" : "s");
  }

  private void compareText(Embedder embedder, TextSource source, Workers workers) {
    var encoding = embedder.tokenizer().encodeWithOffsets(source.text());
    int tokens = encoding.ids().length;
    String text = source.text();
    if (tokens > MOST_TOKENS) {
      text = text.substring(0, encoding.ends()[MOST_TOKENS - 2]); // and a separator
    }
    var comparison = new TextComparison(embedder, text, TEXT_KINDS, options, workers);
    var results = comparison.measure(seconds);

    print("");
    print("%s: %s", source.name(), describe(tokens, comparison.lengths()));
    print(
        "%s; local sees %d keys around each query",
        describe(TextComparison.USUAL_CLUSTERS), options.window());
    print("");
    print(TEXT_ROW, "", "attention", "", "error of", "whole", "cosine to");
    print(TEXT_ROW, "", "all layers", "speed-up", "attention", "encoder", "exact");
    for (var result : results) {
      print(
          TEXT_ROW,
          result.kind(),
          time(result.attentionSeconds()),
          speedUp(results.getFirst().attentionSeconds(), result.attentionSeconds()),
          error(result.error()),
          time(result.encodeSeconds()),
          "%.5f".formatted(result.cosine()));
    }
  }

  private static String describe(int tokens, List<Integer> lengths) {
    int longest = lengths.stream().mapToInt(Integer::intValue).max().orElseThrow();
    String read =
        lengths.size() == 1
            ? "sequence length %,d".formatted(longest)
            : "read in %d overlapping windows, sequence length %,d"
                .formatted(lengths.size(), longest);
    return tokens > MOST_TOKENS
        ? "the first %,d of %,d tokens, %s".formatted(MOST_TOKENS, tokens, read)
        : "%,d tokens, %s".formatted(tokens, read);
  }

  private String describe(int usualClusters) {
    return "%d clusters; improved-clustered has exact scores for %d keys of each;"
            .formatted(
                options.clusters(usualClusters, Integer.MAX_VALUE), options.topK(Integer.MAX_VALUE))
        + " refined-clustered has its own";
  }

  private void compareLengths(Embedder embedder, List<TextSource> sources, Workers workers) {
    var tokenizer = embedder.tokenizer();
    int[] ids =
        sources.stream()
            .flatMapToInt(s -> Arrays.stream(tokenizer.encodeWithoutSpecials(s.text())))
            .toArray();
    try (var comparison =
        new LengthComparison(embedder.encoder(), ids, tokenizer.encode(""), longest)) {
      int repetitions = comparison.repetitions();
      print("");
      print(
          "Attention alone on longer sequences: queries, keys and values of layer %d,",
          comparison.layer() + 1);
      print(
          "joined from consecutive windows of the text%s",
          repetitions == 1 ? "" : " (read %,d times, as it is too short)".formatted(repetitions));
      print("%s", describe(LengthComparison.USUAL_CLUSTERS));
      print("");
      print(LENGTH_ROW, "sequence", "full", "improved", "", "", "refined", "", "");
      print(LENGTH_ROW, "length", "time", "time", "speed-up", "error", "time", "speed-up", "error");
      for (int n = SHORTEST; n <= longest; n *= 2) {
        var results = comparison.measure(n, attentions(n), workers);
        double full = results.get(0).seconds();
        var improved = results.get(1);
        var refined = results.get(2);
        print(
            LENGTH_ROW,
            "%,d".formatted(n),
            time(full),
            time(improved.seconds()),
            speedUp(full, improved.seconds()),
            error(improved.error()),
            time(refined.seconds()),
            speedUp(full, refined.seconds()),
            error(refined.error()));
      }
    }
    print("");
    print("error: ‖O′ − O‖ / ‖O‖, attention's output O′ against exact O, mean over layers");
  }

  private List<Attention> attentions(int n) {
    return LENGTH_KINDS.stream()
        .map(
            kind ->
                options.attention(kind, LengthComparison.USUAL_CLUSTERS, RefinedOptions.usual(n)))
        .toList();
  }

  private static String time(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.2f ms", seconds * 1e3)
        : String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private static String speedUp(double exact, double seconds) {
    return String.format(Locale.ROOT, "%.2f ×", exact / seconds);
  }

  private static String error(double error) {
    return error == 0 ? "0" : String.format(Locale.ROOT, "%.4f", error);
  }

  private void print(String format, Object... args) {
    var out = spec.commandLine().getOut();
    out.println(String.format(Locale.ROOT, format, args).stripTrailing());
    out.flush();
  }
}
