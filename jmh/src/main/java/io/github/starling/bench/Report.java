package io.github.starling.bench;

import static io.github.starling.bench.Page.format;
import static io.github.starling.bench.Page.ratio;
import static io.github.starling.bench.Page.time;

import io.github.starling.bench.Results.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalDouble;

/** Writes {@code performance.md} and its charts from the results of a run. */
public final class Report {
  private static final String FILE = "performance.md";
  private static final String CHARTS = "performance";

  private final Results results;
  private final Page page = new Page();

  private Report(Results results) {
    this.results = results;
  }

  /**
   * Writes the report again from a file of results.
   *
   * @param args the results, and the folder to write to
   */
  public static void main(String... args) throws IOException {
    write(Results.read(Path.of(args[0])), Path.of(args[1]));
  }

  /** Writes the report, each file beside its place and then renamed. */
  static void write(Results results, Path docs) throws IOException {
    Path charts = Files.createDirectories(docs.resolve(CHARTS));
    for (var chart : Charts.of(results).entrySet()) {
      replace(charts.resolve(chart.getKey()), chart.getValue());
    }
    var report = new Report(results);
    report.write();
    replace(docs.resolve(FILE), report.page.toString());
  }

  private static void replace(Path file, String content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(unfinished, content);
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void write() {
    say("# Performance");
    say("");
    say(
        "`./starling bench` measures all of this and writes this page; `--quick` takes minutes"
            + " and");
    say(
        "fewer shapes. Times are medians ± half the distance of the quartiles. Absolute figures"
            + " drift on a shared machine: what counts");
    say(
        "are the ratios, all of one run, and the shares of the peak, which is measured beside"
            + " each");
    say("figure, in the same process.");
    say("");
    say(
        "The loop that measures the peak has few instructions beside its multiply-adds. Where"
            + " another program runs on");
    say(
        "the same core, a kernel suffers more than the peak does, and so shares, and ratios of"
            + " runs minutes apart,");
    say("scatter beyond the ± of one run.");
    say("");
    writeMachine();
    writeTargets();
    writeAttention();
    ApproximationReport.write(results, page);
    writeProducts();
    writePhases();
    writeKernels();
    writeEncoders();
    SpeechReport.write(results, page);
    writeProcesses();
  }

  private void writeMachine() {
    say("## Machine and peers");
    say("");
    row("what", "value");
    row("---", "---");
    results.machine().forEach(this::row);
    row("multiply-add peak of a core", format("%.0f GFLOP/s", limit("flops") * 1e-9));
    row("bits counted by a core", format("%.1f G words/s", limit("popcounts") * 1e-9));
    results
        .limits()
        .forEach(
            (name, value) -> {
              if (name.startsWith("bandwidth ")) {
                double kibibytes = Double.parseDouble(name.split(" ")[1]) / 1024;
                row(
                    format("reading %,.0f KiB again and again", kibibytes),
                    format("%.0f GB/s", value * 1e-9));
              }
            });
    say("");
    say(
        "The peers run in the same run on the same data, each in a process of its own with its"
            + " own");
    say("warm-up, on as many threads as Starling. ONNX Runtime 1.23.2 has all graph optimisations");
    say(
        "on and its weights packed beforehand; encoders are graphs of its own fused operators,"
            + " or,");
    say("where that is faster, as published. PyTorch 2.7.1 runs `scaled_dot_product_attention`");
    say("without gradients.");
    say("");
    results.notes().forEach(note -> say("- " + note));
    say("");
    say(
        "Queries, keys and values are real: those of layer 3 of all-MiniLM-L6-v2 over this"
            + " project's");
    say(
        "documents, read in windows of 512 tokens that are joined. Its heads are 32 columns wide;"
            + " a");
    say("head of 64 is two neighbours side by side. Beyond 16,384 tokens they are repeated with a");
    say("noise of 5 % of their size. Weights of BERT-base are random, of its true shapes.");
    say("");
  }

  private double limit(String name) {
    return results.limits().get(name);
  }

  private void writeTargets() {
    say("## Targets");
    say("");
    row("what, one thread unless said", "must", "aim", "measured", "met");
    row("---", "---:", "---:", "---:", "---");
    for (var row : Targets.of(results)) {
      String sign = row.isMoreBetter() ? "≥ " : "≤ ";
      boolean isMeasured = row.measured().isPresent();
      row(
          row.what(),
          sign + row.unit().write(row.must()),
          sign + row.unit().write(row.aim()),
          isMeasured ? row.unit().write(row.measured().getAsDouble()) : "not in this run",
          !isMeasured ? "" : row.meets(row.aim()) ? "aim" : row.meets(row.must()) ? "must" : "no");
    }
    say("");
  }

  private void writeAttention() {
    say("## Attention");
    say("");
    say("![time and error of attention against the length](performance/attention.svg)");
    say("");
    say("Exact attention; the error is that against double precision, over 16 queries.");
    say("");
    row("n", "dk", "heads", "threads", "Starling", "share of peak", "PyTorch", "ratio", "error");
    row("---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
    for (var f : results.of("FullAttentionBenchmark.starling")) {
      OptionalDouble ratio = Targets.ratio(results, f, "pyTorch");
      row(
          format("%,d", f.number("n")),
          f.parameters().get("dk"),
          f.parameters().get("heads"),
          f.parameters().get("threads"),
          time(f),
          format("%.2f", f.shareOfPeak() / f.number("threads")),
          ratio.isPresent() ? time(ratio.getAsDouble() * f.nanos()) : "",
          ratio(ratio),
          format("%.1e", f.facts().get("error")));
    }
    say("");
    say(
        "Improved clustered attention with 100 clusters, 32 top keys, 63 bits and 10 iterations;"
            + " its");
    say(
        "error is ‖O′ − O‖ / ‖O‖ against exact attention, over 256 queries. Scratch memory is what"
            + " a");
    say("new instance allocates in its first call.");
    say("");
    say("![time and memory up to a million tokens](performance/long.svg)");
    say("");
    row("n", "heads", "threads", "time", "a query", "against exact", "error", "scratch", "a call");
    row("---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
    for (var f : results.of("ImprovedClusteredAttentionBenchmark.starling")) {
      var p = f.parameters();
      var exact =
          results.find(
              "FullAttentionBenchmark.starling",
              "n",
              p.get("n"),
              "dk",
              p.get("dk"),
              "heads",
              p.get("heads"),
              "threads",
              p.get("threads"));
      row(
          format("%,d", f.number("n")),
          p.get("heads"),
          p.get("threads"),
          time(f),
          format("%.0f ns", f.nanos() / f.number("n") / f.number("heads")),
          exact.map(e -> format("%.1f ×", e.nanos() / f.nanos())).orElse(""),
          format("%.2f", f.facts().get("error")),
          format("%.1f MB", f.facts().get("scratch") / 1e6),
          format("%.0f B", f.facts().get("allocation")));
    }
    say("");
  }

  private void writeProducts() {
    say("## Matrix products");
    say("");
    say(
        "Starling adds a bias, the peers do not. ONNX Runtime and Starling have packed the"
            + " weights");
    say("beforehand, OpenBLAS packs in each call. Ratios above 1 say that Starling is faster.");
    say("");
    say("![roofline](performance/roofline.svg)");
    say("");
    row(
        "inputs × outputs",
        "rows",
        "threads",
        "Starling",
        "GFLOP/s",
        "share of peak",
        "OpenBLAS",
        "ONNX Runtime");
    row("---", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
    for (var f : results.of("MatrixProductBenchmark.starling")) {
      row(
          f.parameters().get("layer").replace("x", " × "),
          format("%,d", f.number("rows")),
          f.parameters().get("threads"),
          time(f),
          format("%.0f", f.gigaflops()),
          format("%.2f", f.shareOfPeak() / f.number("threads")),
          ratio(Targets.ratio(results, f, "openBlas")),
          ratio(Targets.ratio(results, f, "onnxRuntime")));
    }
    say("");
  }

  private void writePhases() {
    say("## Phases of improved clustered attention");
    say("");
    say("![phases](performance/phases.svg)");
    say("");
    say(
        "Nanoseconds a query, measured and the least that the machine's peak, popcounts and"
            + " memory");
    say("allow for the work.");
    say("");
    row("n", "phase", "measured", "least", "ratio");
    row("---:", "---", "---:", "---:", "---:");
    for (var f : results.of("ImprovedClusteredAttentionBenchmark.starling")) {
      if (f.number("threads") == 1 && f.number("n") == 8192) {
        var least = Charts.parts(f, "least ");
        Charts.parts(f, "phase ")
            .forEach(
                (name, nanos) ->
                    row(
                        format("%,d", f.number("n")),
                        name,
                        format("%.1f", nanos),
                        format("%.1f", least.get(name)),
                        format("%.1f ×", nanos / least.get(name))));
      }
    }
    say("");
  }

  private void writeKernels() {
    say("## Kernels");
    say("");
    row("kernel", "parameters", "time", "share of peak", "a call allocates");
    row("---", "---", "---:", "---:", "---:");
    for (String name :
        List.of(
            "MicroKernelBenchmark.multiply",
            "SignatureKernelBenchmark.hash",
            "HammingKMeansBenchmark.cluster",
            "TopKeysBenchmark.without",
            "TopKeysBenchmark.withTopKeys")) {
      for (var f : results.of(name)) {
        row(
            name.replace("Benchmark", ""),
            f.parameters().toString().replaceAll("[{}]", ""),
            time(f),
            f.facts().containsKey("flop") ? format("%.2f", f.shareOfPeak()) : "",
            format("%.0f B", f.facts().get("allocation")));
      }
    }
    say("");
    results
        .find("HammingKMeansBenchmark.cluster")
        .ifPresent(
            f ->
                say(
                    format(
                        "K-means takes %.2f ns a query an iteration (%.0f iterations until it"
                            + " settles), %.1f × what",
                        f.nanos() / f.number("n") / f.facts().get("iterations"),
                        f.facts().get("iterations"),
                        Targets.kMeansRatio(f))));
    say("counting the bits alone would take.");
    say("");
  }

  private void writeEncoders() {
    say("## Encoders");
    say("");
    say("Token ids to token vectors. Mixed texts have 1 to 512 tokens, as many of any order of");
    say("magnitude; both take about 1,024 tokens at once, Starling without padding, ONNX Runtime");
    say("texts of like lengths padded to the longest. Columns are tokens a second, padding not");
    say("counted.");
    say("");
    row("model", "text", "threads", "Starling", "ONNX Runtime, fused", "as published");
    row("---", "---", "---:", "---:", "---:", "---:");
    for (var f : results.of("EncoderBenchmark.starling")) {
      row(
          f.parameters().get("model"),
          f.parameters().get("text"),
          f.parameters().get("threads"),
          format("%,.0f", f.facts().get("tokens") / f.nanos() * 1e9),
          tokens(f, "onnxRuntime"),
          tokens(f, "onnxRuntimePublished"));
    }
    say("");
  }

  private String tokens(Figure ours, String peer) {
    var ratio = Targets.ratio(results, ours, peer);
    return ratio.isPresent()
        ? format("%,.0f", ours.facts().get("tokens") / ours.nanos() / ratio.getAsDouble() * 1e9)
        : "";
  }

  private void writeProcesses() {
    say("## Whole processes");
    say("");
    results
        .find("FirstCalls.improved")
        .ifPresent(
            f -> {
              say(
                  format(
                      "Improved clustered attention, n = 4,096, in %.0f fresh JVMs without any flag"
                          + " for the compiler:",
                      f.facts().get("processes")));
              say(
                  format(
                      "the first result after %.0f ms, full speed after %.0f ms (medians), and then"
                          + " %s a call; the slowest",
                      f.facts().get("first ms"), f.facts().get("full speed ms"), time(f.nanos())));
              say(format("process runs at %.2f of the median speed.", f.facts().get("slowest")));
              say("");
            });
    results
        .find("Embed.starling")
        .ifPresent(
            f ->
                say(
                    format(
                        "`./starling embed --text hello`, the whole process with the model cached,"
                            + " takes %s, the same with",
                        time(f.nanos()))));
    results
        .find("Embed.onnxRuntime")
        .ifPresent(
            f -> say(format("ONNX Runtime and Hugging Face's tokenizers %s.", time(f.nanos()))));
  }

  private void row(String... cells) {
    page.row(cells);
  }

  private void say(String line) {
    page.say(line);
  }
}
