package io.github.starling.cli;

import io.github.starling.attention.Attention;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.EmbedderOptions;
import io.github.starling.encoder.Embedding;
import io.github.starling.encoder.LongText;
import io.github.starling.kernel.MachineLimits;
import io.github.starling.kernel.Profile;
import io.github.starling.kernel.Workers;
import io.github.starling.model.AtomicWrite;
import io.github.starling.transformer.AttentionObserver;
import io.github.starling.transformer.LayerAudits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

/** Turns texts into vectors. */
@Command(
    name = "embed",
    sortOptions = false,
    description = {"Turns texts into vectors that are close where the meaning is.", ""},
    footer = {"", "Example: starling embed --text \"A small bird.\" --json"})
final class EmbedCommand implements Callable<Integer> {
  /** Texts between two steps of the progress bar. */
  private static final int BATCH = 32;

  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files of UTF-8 text, each one text; - is the standard input.")
  private List<String> files = List.of();

  @Option(names = "--text", paramLabel = "TEXT", description = "A text; may be given repeatedly.")
  private List<String> texts = List.of();

  @Option(names = "--lines", description = "Every line of a FILE is a text of its own.")
  private boolean byLine;

  @Option(
      names = "--json",
      description =
          "Print a line of JSON for each text: text or file, tokens, usedTokens, embedding, and"
              + " with --audit the error of each layer.")
  private boolean json;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description =
          "Write a safetensors file: embedding (texts, width) F32, tokens and used_tokens (texts)"
              + " I64.")
  private Path out;

  @Option(
      names = "--long",
      paramLabel = "HOW",
      description =
          "What to do with a text that is longer than the model reads at once: error, truncate, or"
              + " window (read all in overlapping windows, the default).")
  private LongText longText = LongText.WINDOW;

  @Option(
      names = "--prompt",
      paramLabel = "NAME",
      description =
          "Put the model's prompt of this name before each text, such as query or passage.")
  private String prompt;

  @Option(
      names = "--profile",
      description =
          "Warm up, then print where the time goes: the phases, their rates and what share of the"
              + " machine's limits they reach.")
  private boolean profiled;

  @Mixin private AuditOption audit;

  @Mixin private AttentionChoice attention;

  /** Times the batches, without what is done with their vectors. */
  private final Stopwatch embedding = new Stopwatch();

  /** How tokens attend; kept here, since an observer can only be given with it. */
  private Attention kind;

  /** Audits the texts, or null. */
  private LayerAudits audits;

  @Override
  public Integer call() throws IOException {
    audit.check(json);
    if (out != null) {
      AtomicWrite.checkFile(out);
    }
    List<TextSource> sources = sources();
    kind = attention.make(); // says what is wrong with it before a model is fetched
    Path folder = starling.modelFolder(RemoteModel.DEFAULT_NAME, spec.commandLine().getErr());
    var settings =
        EmbedderOptions.defaults().withThreads(starling.threads()).withLongText(longText);
    try (var workers = new Workers(audit.queries() == 0 ? 1 : starling.threads());
        var embedder = Embedder.open(folder, settings)) {
      audits = audit.queries() == 0 ? null : new LayerAudits(audit.queries(), workers);
      var profile = profiled ? startProfile(embedder, sources) : null;
      List<Embedding> embeddings = embedAll(embedder, sources);
      if (profile != null) {
        double seconds = Arrays.stream(embedding.seconds()).sum();
        new ProfileTable(profile, starling.threads(), 1, seconds)
            .print(spec.commandLine().getErr());
      }
      warnOfLongTexts(embedder, sources, embeddings);
      if (out != null) {
        new EmbeddingFile(embeddings, folder, attention.kind()).write(out);
        spec.commandLine()
            .getErr()
            .printf("starling: wrote %d embeddings to %s%n", embeddings.size(), out);
      }
    }
    return 0;
  }

  private List<TextSource> sources() throws IOException {
    var sources = new ArrayList<TextSource>();
    for (String text : texts) {
      sources.add(TextSource.argument(text, sources.size() + 1));
    }
    for (String file : files) {
      var source = TextSource.read(file, starling.surroundings().standardInput());
      sources.addAll(byLine ? source.lines() : List.of(source));
    }
    if (sources.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "what is to be embedded? Name files, or - or --text");
    }
    return sources;
  }

  /** Warms up with the first texts and begins a profile. */
  private Profile startProfile(Embedder embedder, List<TextSource> sources) {
    var limits = MachineLimits.measure();
    var first = texts(sources.subList(0, Math.min(BATCH, sources.size())));
    embedder.encoder().profile(new Profile(limits));
    Stopwatch.warmUp(() -> embed(embedder, first));
    var profile = new Profile(limits);
    embedder.encoder().profile(profile);
    return profile;
  }

  private List<Embedding> embed(Embedder embedder, List<String> texts) {
    var observer = audits == null ? AttentionObserver.NONE : audits;
    return prompt == null
        ? embedder.embed(texts, kind, observer)
        : embedder.embed(texts, prompt, kind, observer);
  }

  private static List<String> texts(List<TextSource> sources) {
    return sources.stream().map(TextSource::text).toList();
  }

  private List<Embedding> embedAll(Embedder embedder, List<TextSource> sources) {
    var printer = new EmbeddingPrinter(spec.commandLine().getOut(), json);
    var embeddings = new ArrayList<Embedding>(sources.size());
    try (var progress =
        Progress.start(starling.surroundings(), "embedding", sources.size(), "texts")) {
      int step = audits == null ? BATCH : 1;
      for (int from = 0; from < sources.size(); from += step) {
        var batch = sources.subList(from, Math.min(from + step, sources.size()));
        if (longText == LongText.ERROR) {
          batch.forEach(source -> requireFit(embedder, source, prompt));
        }
        if (audits != null) {
          audits.reset();
        }
        embedding.time(() -> embeddings.addAll(embed(embedder, texts(batch))));
        for (int i = from; i < embeddings.size() && (json || out == null); i++) {
          printer.print(sources.get(i), embeddings.get(i), audit());
        }
        progress.at(embeddings.size());
      }
    }
    return embeddings;
  }

  private Map<String, Object> audit() {
    return audits == null ? null : AuditReport.json(audit.queries(), audits.layers());
  }

  /** Refuses a long text here, where its name is known. */
  private static void requireFit(Embedder embedder, TextSource source, String prompt) {
    var prompts = embedder.encoder().folder().prompts();
    String before = prompt == null ? prompts.usual() : prompts.text(prompt);
    int tokens = embedder.tokenizer().encode(before + source.text()).length;
    int longest = embedder.encoder().folder().maxSequenceLength();
    if (tokens > longest) {
      throw new IllegalArgumentException(
          "%s: the text has %d tokens but the model reads %d at once; see --long"
              .formatted(source.name(), tokens, longest));
    }
  }

  private void warnOfLongTexts(
      Embedder embedder, List<TextSource> sources, List<Embedding> embeddings) {
    int longest = embedder.encoder().folder().maxSequenceLength();
    int first = -1;
    int others = -1;
    for (int i = embeddings.size() - 1; i >= 0; i--) {
      if (embeddings.get(i).tokens() > longest) {
        first = i;
        others++;
      }
    }
    if (first < 0) {
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "starling: %s%s: %d tokens; %s%n",
        sources.get(first).name(),
        others == 0 ? "" : " and " + others + " more",
        embeddings.get(first).tokens(),
        longText == LongText.TRUNCATE
            ? "only the first " + longest + " are used"
            : "read in overlapping windows of " + longest);
  }
}
