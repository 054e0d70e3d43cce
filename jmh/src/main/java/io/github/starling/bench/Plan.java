package io.github.starling.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What is run, in its order: what is compared stands side by side, since the speed of a machine
 * drifts.
 */
final class Plan {
  /**
   * A method of a benchmark with its parameters.
   *
   * @param jvmArguments added to the usual ones
   */
  record Run(String benchmark, Map<String, String> parameters, List<String> jvmArguments) {
    /** Tells whether it reads recordings of speech. */
    boolean isOfSpeech() {
      return benchmark.startsWith("Speech") || benchmark.startsWith("Transcribe");
    }

    /** Returns a pattern that names this method alone. */
    String pattern() {
      return "\\." + benchmark.replace(".", "\\.") + "$";
    }
  }

  private static final List<String> PEERS = List.of("starling", "openBlas", "onnxRuntime");

  /** One setting of each kind. */
  private static final List<String> QUICK_OTHERS =
      List.of(
          "improved-clustered C=100 k=32",
          "clustered C=100",
          "local w=256",
          "reformer R=4 h=32",
          "shared-qk",
          "causal-improved-clustered C=100 k=32",
          "auto e=0.15");

  private static final List<String> OTHERS =
      Stream.concat(
              QUICK_OTHERS.stream(),
              Stream.of(
                  "improved-clustered C=25 k=32",
                  "clustered C=400",
                  "local w=64",
                  "reformer R=8 h=64",
                  "causal-improved-clustered C=25 k=32",
                  "auto e=0.05"))
          .toList();

  private final boolean quick;
  private final List<Run> runs = new ArrayList<>();

  private Plan(boolean quick) {
    this.quick = quick;
  }

  /**
   * Makes a plan.
   *
   * @param quick whether it takes minutes: fewer shapes, but at least one for each target
   */
  static Plan of(boolean quick) {
    var plan = new Plan(quick);
    plan.addKernels();
    plan.addMatrixProducts();
    plan.addExactAttention();
    plan.addClusteredAttention();
    plan.addEveryAttention();
    plan.addEncoders();
    plan.addSpeech();
    return plan;
  }

  List<Run> runs() {
    return runs;
  }

  /** Sets forks and iterations. */
  void time(OptionsBuilder options) {
    options
        .forks(quick ? 1 : 2)
        .warmupIterations(quick ? 1 : 2)
        .warmupTime(quick ? TimeValue.milliseconds(700) : TimeValue.seconds(2))
        .measurementIterations(quick ? 3 : 5)
        .measurementTime(TimeValue.milliseconds(quick ? 200 : 500));
  }

  private void addKernels() {
    for (int bits : new int[] {512, 256, 128}) {
      for (String depth : of("64", "384")) {
        runs.add(
            new Run(
                "MicroKernelBenchmark.multiply",
                parameters("bits", "" + bits, "depth", depth),
                List.of("-XX:MaxVectorSize=" + bits / Byte.SIZE)));
      }
    }
    for (String dk : of("64", "32")) {
      add("SignatureKernelBenchmark.hash", "dk", dk);
    }
    add("HammingKMeansBenchmark.cluster");
    add("TopKeysBenchmark.without");
    add("TopKeysBenchmark.withTopKeys");
  }

  private void addMatrixProducts() {
    for (String layer : of("64x1024", "384x1536", "768x3072", "3072x768", "1536x384")) {
      for (String rows : of("512", "16", "128", "4096")) {
        for (String peer : PEERS) {
          add("MatrixProductBenchmark." + peer, "layer", layer, "rows", rows, "threads", "1");
        }
      }
    }
    for (String peer : quick ? List.of("starling") : PEERS) {
      for (String threads : List.of("1", "2")) {
        if (quick || threads.equals("2")) {
          String name = "MatrixProductBenchmark." + peer;
          add(name, "layer", "768x3072", "rows", "4096", "threads", threads);
        }
      }
    }
  }

  private void addExactAttention() {
    for (String n : List.of("512", "1024", "2048", "4096", "8192", "16384")) {
      if (quick && n.equals("8192")) {
        continue;
      }
      addExact("starling", n, "64", "1", "1");
      if (!quick || n.equals("2048")) {
        addExact("pyTorch", n, "64", "1", "1");
      }
    }
    addExact("starling", "2048", "32", "1", "1");
    addExact("starling", "4096", "64", "1", "2");
    if (!quick) {
      addExact("pyTorch", "2048", "32", "1", "1");
      addExact("starling", "8192", "32", "1", "1");
      for (String threads : List.of("1", "2")) {
        addExact("starling", "4096", "64", "2", threads);
        addExact("pyTorch", "4096", "64", "2", threads);
      }
    }
  }

  private void addExact(String method, String n, String dk, String heads, String threads) {
    add("FullAttentionBenchmark." + method, "n", n, "dk", dk, "heads", heads, "threads", threads);
  }

  private void addClusteredAttention() {
    for (String n : List.of("512", "1024", "2048", "4096", "8192", "16384", "65536", "262144")) {
      if (!quick || !List.of("2048", "65536", "262144").contains(n)) {
        addClustered(n, "1", "1");
      }
    }
    addClustered("1048576", "1", "1");
    addClustered("4096", "1", "2");
    if (!quick) {
      addClustered("16384", "1", "2");
      addClustered("1048576", "1", "2");
      addClustered("4096", "2", "1");
      addClustered("4096", "2", "2");
    }
  }

  private void addClustered(String n, String heads, String threads) {
    add("ImprovedClusteredAttentionBenchmark.starling", "n", n, "heads", heads, "threads", threads);
  }

  private void addEveryAttention() {
    // first what a quick run has: what is within .16, and at 4,096 also what is much faster
    addSettings("512", 1, "C=12 b=32", "C=30 b=64", "C=10 b=20", "C=12 b=88", "C=40 b=96");
    addSettings("4096", 2, "C=64 b=120", "C=24 b=32", "C=48 b=144", "C=100 b=192", "C=200 b=600");
    addSettings("16384", 1, "C=128 b=320", "C=300 b=800", "C=64 b=96", "C=400 b=1800");
  }

  private void addSettings(String n, int inQuick, String... refined) {
    var settings = new ArrayList<String>();
    for (String setting : List.of(refined).subList(0, quick ? inQuick : refined.length)) {
      settings.add("refined-clustered " + setting + " w=8");
    }
    if (!quick) {
      settings.addAll(OTHERS);
    } else if (n.equals("4096")) {
      settings.addAll(QUICK_OTHERS);
    }
    for (String setting : settings) {
      add("ApproximateAttentionBenchmark.starling", "n", n, "setting", setting);
    }
  }

  private void addEncoders() {
    for (String model : List.of("minilm", "bert-base")) {
      boolean large = model.equals("bert-base");
      var texts =
          quick
              ? large ? List.of("128") : List.of("16", "32 mixed")
              : List.of("16", "128", "512", "256 mixed");
      for (String text : texts) {
        for (String threads :
            quick ? List.of(text.endsWith("mixed") ? "2" : "1") : List.of("1", "2")) {
          addEncoder("starling", model, text, threads);
          addEncoder("onnxRuntime", model, text, threads);
          if (!quick && !large) {
            addEncoder("onnxRuntimePublished", model, text, threads);
          }
        }
      }
    }
  }

  private void addEncoder(String method, String model, String text, String threads) {
    add("EncoderBenchmark." + method, "model", model, "text", text, "threads", threads);
  }

  private void addSpeech() {
    for (String model : quick ? List.of("base") : List.of("base", "tiny")) {
      for (String clips : quick ? List.of("1") : List.of("1", "2")) {
        for (String threads : quick ? List.of("1") : List.of("1", "2")) {
          addTranscription("onnxRuntime", model, clips, threads);
          addTranscription("starling", model, clips, threads, "attention", "exact");
          addTranscription("starling", model, clips, threads, "attention", "refined");
        }
      }
    }
    addSpeechEncoder("50", "exact");
    addSpeechEncoder("50", "refined");
    if (!quick) {
      addSpeechEncoder("600", "refined");
    }
    var attentions = List.of("exact", "improved 25", "improved 100", "refined", "refined 40");
    for (String seconds : quick ? List.of("25") : List.of("25", "50", "300")) {
      for (String attention : attentions.subList(0, quick ? 4 : 5)) {
        add("SpeechAttentionBenchmark.starling", "seconds", seconds, "attention", attention);
      }
    }
  }

  private void addTranscription(
      String method, String model, String clips, String threads, String... others) {
    var parameters = parameters("model", model, "clips", clips, "threads", threads);
    parameters.putAll(parameters(others));
    runs.add(new Run("TranscribeBenchmark." + method, parameters, List.of()));
  }

  private void addSpeechEncoder(String seconds, String attention) {
    add(
        "SpeechEncoderBenchmark.starling",
        "model",
        "base",
        "seconds",
        seconds,
        "attention",
        attention,
        "threads",
        "1");
  }

  /** Returns all values, or the first few when in a hurry. */
  private List<String> of(String... values) {
    int count = values.length > 4 ? 4 : 1;
    return List.of(values).subList(0, quick ? count : values.length);
  }

  private void add(String benchmark, String... parameters) {
    runs.add(new Run(benchmark, parameters(parameters), List.of()));
  }

  private static Map<String, String> parameters(String... namesAndValues) {
    var parameters = new TreeMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return parameters;
  }
}
