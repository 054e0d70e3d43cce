package io.github.starling.bench;

import io.github.starling.bench.Results.Figure;
import io.github.starling.bench.data.DataFolder;
import io.github.starling.bench.data.SpeechData;
import io.github.starling.bench.peer.OpenBlas;
import io.github.starling.kernel.Limits;
import io.github.starling.kernel.MachineLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs all benchmarks and writes the report. */
public final class Bench {
  private final Path home;
  private final boolean quick;
  private final Path target;
  private final Path facts;
  private final List<String> notes = new ArrayList<>();
  private final Map<String, String> machine = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();
  private String coreType = "";
  private boolean hasOpenBlas;
  private boolean hasSpeech;

  private Bench(Path home, boolean quick) {
    this.home = home;
    this.quick = quick;
    target = home.resolve("jmh/target");
    facts = target.resolve("facts.tsv");
  }

  /**
   * Runs them.
   *
   * @param args the project's folder, and {@code --quick} for a run of minutes
   */
  public static void main(String... args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath().normalize();
    boolean quick = List.of(args).contains("--quick");
    System.setProperty("jmh.ignoreLock", "true"); // it is one lock for all users of a machine
    System.setProperty(DataFolder.PROPERTY, home.resolve("jmh/target/data").toString());
    new Bench(home, quick).run();
  }

  /** Returns what every JVM of the benchmarks is started with. */
  static List<String> jvmArguments() {
    return List.of(
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "-D" + DataFolder.PROPERTY + "=" + System.getProperty(DataFolder.PROPERTY),
        "-D" + SpeechData.CLIPS + "=" + SpeechData.clips(),
        "-D" + SpeechData.MOONSHINE + "=" + SpeechData.moonshine(),
        // The Deep Java Library neither fetches nor reports anything.
        "-Dai.djl.offline=true",
        "-DOPT_OUT_TRACKING=true");
  }

  private void run() throws Exception {
    say("preparing data");
    DataFolder.prepare(home);
    prepareSpeech();
    Files.deleteIfExists(facts);
    describeMachine();
    var limits = limits();
    var processes = new Processes(home, quick);
    chooseOpenBlas(processes);
    measureAll();
    say("first calls of fresh processes");
    figures.addAll(processes.firstCalls());
    figures.addAll(processes.embed());
    var results = new Results(machine, limits, notes, figures);
    results.write(target.resolve("results.json"));
    Report.write(results, home.resolve("docs"));
    say("wrote " + home.resolve("docs/performance.md"));
  }

  private void prepareSpeech() throws IOException {
    var missing = SpeechData.missing();
    hasSpeech = missing.isEmpty();
    if (hasSpeech) {
      SpeechData.prepare();
    } else {
      notes.add("Speech was skipped: " + missing.get() + ".");
      say(notes.getLast());
    }
  }

  private static void say(String message) {
    System.err.println("starling: " + message);
  }

  private void describeMachine() throws IOException {
    machine.put("date", LocalDate.now().toString());
    machine.put("processor", processor());
    machine.put("cores", "" + Runtime.getRuntime().availableProcessors());
    machine.put("vectors", Limits.vectorBits() + " bits");
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("JDK", System.getProperty("java.vm.vendor") + " " + Runtime.version().toString());
    machine.put("JVM flags", "--add-modules jdk.incubator.vector, no others");
    machine.put("mode", quick ? "quick" : "full");
  }

  /** Returns what the system calls the processor. */
  public static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.exists(file)) {
      return System.getProperty("os.arch");
    }
    var fields = new TreeMap<String, String>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split("\\s*:\\s*", 2);
      if (parts.length == 2) {
        fields.putIfAbsent(parts[0], parts[1]);
      }
    }
    return "%s (family %s, model %s)"
        .formatted(
            fields.getOrDefault("model name", System.getProperty("os.arch")),
            fields.getOrDefault("cpu family", "?"),
            fields.getOrDefault("model", "?"));
  }

  private static Map<String, Double> limits() {
    var measured = MachineLimits.measure();
    var limits = new LinkedHashMap<String, Double>();
    limits.put("flops", measured.flops());
    limits.put("popcounts", measured.popcounts());
    for (var bandwidth : measured.bandwidths()) {
      limits.put("bandwidth " + bandwidth.workingSet(), bandwidth.rate());
    }
    return limits;
  }

  private void chooseOpenBlas(Processes processes) throws IOException {
    var speeds = processes.tryOpenBlas();
    hasOpenBlas = !speeds.isEmpty();
    if (!hasOpenBlas) {
      notes.add("OpenBLAS was skipped: there is no libopenblas.so.0 (Debian: libopenblas0).");
      say(notes.getLast());
      return;
    }
    var tried = new ArrayList<String>();
    for (var speed : speeds.entrySet()) {
      if (speed.getValue() > speeds.get(coreType)) {
        coreType = speed.getKey();
      }
      tried.add(
          String.format(
              Locale.ROOT,
              "%s %.0f",
              speed.getKey().isEmpty() ? "its own choice" : speed.getKey(),
              speed.getValue()));
    }
    notes.add(
        "OpenBLAS ran with the fastest of its kernels that computed right results, core type %s (GFLOP/s: %s)."
            .formatted(
                coreType.isEmpty() ? "as it chose itself" : coreType, String.join(", ", tried)));
  }

  private void measureAll() throws IOException {
    var plan = Plan.of(quick);
    var runs = new ArrayList<>(plan.runs());
    runs.removeIf(run -> run.benchmark().endsWith(".openBlas") && !hasOpenBlas);
    runs.removeIf(run -> run.isOfSpeech() && !hasSpeech);
    runs.removeIf(run -> bits(run) > Limits.vectorBits());
    Path logs = Files.createDirectories(target.resolve("logs"));
    int failed = 0;
    for (int i = 0; i < runs.size(); i++) {
      var run = runs.get(i);
      say("%d/%d %s %s".formatted(i + 1, runs.size(), run.benchmark(), run.parameters()));
      Path log = logs.resolve(i + ".log");
      var results = measure(plan, run, log);
      if (results.isEmpty()) {
        failed++;
        say("it failed, see " + log);
        notes.add("Failed and left out: " + run.benchmark() + " " + run.parameters() + ".");
      }
      for (var result : results) {
        figures.add(figure(result));
      }
    }
    if (failed == runs.size()) {
      throw new IOException("every benchmark failed, see " + logs);
    }
  }

  private static int bits(Plan.Run run) {
    return Integer.parseInt(run.parameters().getOrDefault("bits", "0"));
  }

  private Collection<RunResult> measure(Plan plan, Plan.Run run, Path log) {
    var options = new OptionsBuilder();
    plan.time(options);
    options.include(run.pattern()).shouldFailOnError(false).output(log.toString());
    run.parameters().forEach((name, value) -> options.param(name, value));
    var arguments = new ArrayList<>(jvmArguments());
    arguments.add("-D" + Facts.FILE + "=" + facts);
    arguments.add("-D" + OpenBlas.CORE_TYPE + "=" + coreType);
    arguments.addAll(run.jvmArguments());
    options.jvmArgs(arguments.toArray(String[]::new));
    try {
      return new Runner(options.build()).run();
    } catch (RunnerException e) {
      return List.of();
    }
  }

  private Figure figure(RunResult result) throws IOException {
    var samples = new ArrayList<Double>();
    for (var fork : result.getBenchmarkResults()) {
      for (var iteration : fork.getIterationResults()) {
        samples.add(iteration.getPrimaryResult().getScore());
      }
    }
    var own = new TreeMap<String, Double>();
    Facts.read(facts)
        .getOrDefault(Facts.key(result.getParams()), Map.of())
        .forEach((name, values) -> own.put(name, Statistics.median(values)));
    return new Figure(
        Facts.name(result.getParams()),
        Facts.parameters(result.getParams()),
        Statistics.median(samples),
        Statistics.spread(samples),
        own);
  }
}
