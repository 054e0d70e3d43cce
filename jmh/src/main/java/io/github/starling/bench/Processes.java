package io.github.starling.bench;

import io.github.starling.bench.Results.Figure;
import io.github.starling.bench.data.DataFolder;
import io.github.starling.bench.peer.OnnxEmbed;
import io.github.starling.bench.peer.OpenBlas;
import io.github.starling.bench.peer.OpenBlasTrial;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What only a whole process can show: start-up, first calls, and the choice of OpenBLAS. */
final class Processes {
  private final Path home;
  private final boolean quick;

  /**
   * Prepares.
   *
   * @param home the project's folder
   */
  Processes(Path home, boolean quick) {
    this.home = home;
    this.quick = quick;
  }

  /** Returns billions of operations a second by core type asked for, of those that are right. */
  Map<String, Double> tryOpenBlas() throws IOException {
    var speeds = new LinkedHashMap<String, Double>();
    for (String type : OpenBlasTrial.CANDIDATES) {
      // Kernels of another processor end the process; nobody needs the JVM's report of it.
      var command = java("-D" + OpenBlas.CORE_TYPE + "=" + type, "-XX:ErrorFile=/dev/null");
      command.add(OpenBlasTrial.class.getName());
      String[] words = run(command).strip().split("\t");
      if (words.length == 2) {
        speeds.put(type, Double.valueOf(words[1]));
      }
    }
    return speeds;
  }

  /** Times improved clustered attention in fresh JVMs without any flag for the compiler. */
  List<Figure> firstCalls() throws IOException {
    int processes = quick ? 3 : 20;
    var first = new ArrayList<Double>();
    var full = new ArrayList<Double>();
    var steady = new ArrayList<Double>();
    for (int i = 0; i < processes; i++) {
      var command = java();
      command.addAll(List.of(FirstCalls.class.getName(), quick ? "3" : "5"));
      String[] words = run(command).strip().split("\t");
      first.add(Double.valueOf(words[0]));
      full.add(Double.valueOf(words[1]));
      steady.add(Double.valueOf(words[2]));
    }
    var facts = new LinkedHashMap<String, Double>();
    facts.put("processes", (double) processes);
    facts.put("first ms", Statistics.median(first));
    facts.put("full speed ms", Statistics.median(full));
    facts.put("slowest", Statistics.median(steady) / Statistics.largest(steady));
    double nanos = Statistics.median(steady) * 1e6;
    return List.of(
        new Figure("FirstCalls.improved", Map.of(), nanos, Statistics.spread(steady), facts));
  }

  /** Times the whole command that embeds one word, and the same with ONNX Runtime. */
  List<Figure> embed() throws IOException {
    var ours = List.of(home.resolve("starling").toString(), "embed", "--text", "hello");
    var command = new ArrayList<>(ours);
    command.addAll(List.of("--offline", "--model", DataFolder.path("minilm").toString()));
    // What makes a short program start fast.
    var peer = java("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    String tokenizer = DataFolder.path("minilm").resolve("tokenizer.json").toString();
    peer.addAll(List.of(OnnxEmbed.class.getName(), tokenizer, "hello"));
    var times = List.of(new ArrayList<Double>(), new ArrayList<Double>());
    int repetitions = quick ? 3 : 15;
    for (int i = 0; i <= repetitions; i++) {
      double starling = seconds(command);
      double onnx = seconds(peer);
      if (i > 0) { // the first ones read the disk
        times.getFirst().add(starling);
        times.getLast().add(onnx);
      }
    }
    return List.of(
        figure("Embed.starling", times.getFirst()), figure("Embed.onnxRuntime", times.getLast()));
  }

  private static Figure figure(String name, List<Double> seconds) {
    double nanos = Statistics.median(seconds) * 1e9;
    return new Figure(name, Map.of(), nanos, Statistics.spread(seconds), Map.of());
  }

  private double seconds(List<String> command) throws IOException {
    long start = System.nanoTime();
    run(command);
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Begins a command line of this JVM and class path. */
  private static List<String> java(String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Bench.jvmArguments());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  /** Returns what a command prints; it may fail. */
  private static String run(List<String> command) throws IOException {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      throw new InterruptedIOException("interrupted while " + command.getFirst() + " ran");
    }
    return printed;
  }
}
