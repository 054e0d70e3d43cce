package io.github.starling.attention;

import io.github.starling.bench.Bench;
import io.github.starling.bench.data.JoinedWindows;
import io.github.starling.bench.data.RealHeads;
import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.Encoder;
import io.github.starling.evaluation.AttentionOutputs;
import io.github.starling.evaluation.OutputError;
import io.github.starling.kernel.Limits;
import io.github.starling.kernel.Workers;
import io.github.starling.model.AtomicWrite;
import io.github.starling.tensor.Matrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures what {@link Ladder} holds: error and time of refined clustered attention against exact,
 * on heads of models that read a text.
 *
 * <p>Exact attention and all settings get the heads of a layer in turn, so that what else the
 * machine does meanwhile meets all alike.
 */
public final class LadderCalibration {
  private static final int WINDOW = 8;

  /** Runs of each setting on the heads of a layer; the fastest counts. */
  private static final int ROUNDS = 2;

  /** Tokens that are read at least, in several sequences if these are short. */
  private static final int LEAST_TOKENS = 2048;

  /** Lengths from which not all heads are looked at, and not all layers. */
  private static final int FEWER_HEADS = 2048;

  private static final int FEWER_LAYERS = 8192;

  /** Clusters and exact keys, by length. */
  private static final Map<Integer, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              512, "12/40 12/64 12/88 12/112 12/136 16/112 16/160 24/200",
              1024, "16/48 20/72 20/100 24/144 32/160 32/200 50/224 60/224",
              2048, "32/64 40/100 48/150 64/200 80/256 100/320 150/400",
              4096, "48/100 64/160 100/200 128/300 160/400 200/600 250/900",
              8192, "100/128 150/200 150/320 200/400 200/600 300/900 300/1400",
              16_384, "120/200 150/320 200/512 300/512 300/900 400/1400 500/2800"));

  private final Encoder encoder;
  private final int[] ids;
  private final Workers workers = new Workers(1);
  private final List<Rung> rungs = new ArrayList<>();

  private LadderCalibration(Encoder encoder, int[] ids) {
    this.encoder = encoder;
    this.ids = ids;
  }

  /**
   * Measures, and writes the resource into the sources.
   *
   * @param args the project's folder, the text, empty for the project's documents, and the folders
   *     of the models
   */
  public static void main(String... args) throws IOException {
    Path home = Path.of(args[0]);
    String text = args[1].isEmpty() ? RealHeads.text(home) : Files.readString(Path.of(args[1]));
    var rungs = new ArrayList<Rung>();
    var names = new ArrayList<String>();
    for (String model : List.of(args).subList(2, args.length)) {
      names.add(Path.of(model).getFileName().toString());
      say("reading with " + names.getLast());
      try (var embedder = Embedder.open(Path.of(model))) {
        rungs.addAll(measure(embedder.encoder(), embedder.tokenizer().encode(text)));
      }
    }
    String comment =
        "%s; %s, %d bits, JDK %s"
            .formatted(
                String.join(", ", names),
                Bench.processor(),
                Limits.vectorBits(),
                Runtime.version());
    Path file =
        home.resolve("src/main/resources/io/github/starling/attention").resolve(Ladder.RESOURCE);
    AtomicWrite.text(file, LadderFile.write(comment, rungs));
    say("wrote " + file);
  }

  private static void say(String message) {
    System.err.println("starling: " + message);
  }

  /**
   * Measures one model.
   *
   * @param ids a text between its first and last special token
   */
  private static List<Rung> measure(Encoder encoder, int[] ids) {
    var calibration = new LadderCalibration(encoder, ids);
    calibration.measure(SETTINGS.keySet().iterator().next()); // until all is compiled
    calibration.rungs.clear();
    for (int n : SETTINGS.keySet()) {
      say("%,d tokens".formatted(n));
      calibration.measure(n);
    }
    calibration.workers.close();
    return calibration.rungs;
  }

  private void measure(int n) {
    var settings =
        Arrays.stream(SETTINGS.get(n).split(" ")).map(LadderCalibration::options).toList();
    var contenders = new ArrayList<Attention>();
    contenders.add(new FullAttention());
    settings.forEach(options -> contenders.add(new RefinedClusteredAttention(options)));
    var measured = new Measured(contenders, encoder.config().layers());
    int sequences = Math.max(1, LEAST_TOKENS / n);
    for (int s = 0; s < sequences; s++) {
      try (var arena = Arena.ofConfined()) {
        var layers = read(arena, (int) ((long) s * (ids.length - 2) / sequences), n);
        for (int l = 0; l < layers.size(); l++) {
          if (!layers.get(l).isEmpty()) {
            measured.add(l, layers.get(l));
          }
        }
      }
    }
    int width = encoder.config().hiddenSize() / encoder.config().heads();
    for (int c = 1; c < contenders.size(); c++) {
      double time = measured.seconds[c] / measured.seconds[0];
      double error = measured.error(c);
      rungs.add(new Rung(width, n, settings.get(c - 1), rounded(error), rounded(time)));
    }
  }

  private static RefinedOptions options(String setting) {
    String[] numbers = setting.split("/");
    return new RefinedOptions(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), WINDOW);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** Copies the heads that are looked at, layer by layer; a layer may have none. */
  private List<List<Head>> read(Arena arena, int start, int n) {
    int headStep = n < FEWER_HEADS ? 1 : n / FEWER_HEADS + 1;
    int layerStep = n < FEWER_LAYERS ? 1 : n / FEWER_LAYERS + 1;
    var layers = new ArrayList<List<Head>>();
    for (int l = 0; l < encoder.config().layers(); l++) {
      layers.add(new ArrayList<>());
    }
    JoinedWindows.read(
        encoder,
        ids,
        start,
        n,
        (row, layer, heads) -> {
          var copies = layers.get(layer);
          for (int h = layer % headStep, i = 0; h < heads.size(); h += headStep, i++) {
            if (layer % layerStep == 0) {
              if (row == 0) {
                copies.add(empty(arena, n, heads.get(h)));
              }
              copy(heads.get(h), copies.get(i), row);
            }
          }
        });
    return layers;
  }

  private static Head empty(Arena arena, int n, Head like) {
    int dk = like.query().columns();
    int dv = like.value().columns();
    return new Head(
        Matrix.allocate(arena, n, dk),
        Matrix.allocate(arena, n, dk),
        Matrix.allocate(arena, n, dv),
        Matrix.allocate(arena, n, dv));
  }

  private static void copy(Head from, Head to, int row) {
    int n = from.query().rows();
    from.query().copyTo(to.query().rows(row, n));
    from.key().copyTo(to.key().rows(row, n));
    from.value().copyTo(to.value().rows(row, n));
  }

  /** What is known so far of one length; the first contender is exact. */
  private final class Measured {
    final List<Attention> contenders;
    final double[] seconds;
    final OutputError[][] errors;
    final AttentionOutputs outputs = new AttentionOutputs();

    Measured(List<Attention> contenders, int layers) {
      this.contenders = contenders;
      seconds = new double[contenders.size()];
      errors = new OutputError[layers][contenders.size()];
    }

    void add(int layer, List<Head> exact) {
      double scale = Attention.usualScale(exact.getFirst().query().columns());
      var least = new double[contenders.size()];
      Arrays.fill(least, Double.POSITIVE_INFINITY);
      for (int round = 0; round < ROUNDS; round++) {
        for (int c = 0; c < contenders.size(); c++) {
          var heads = c == 0 ? exact : outputs.redirect(exact);
          long start = System.nanoTime();
          contenders.get(c).attend(heads, scale, workers);
          least[c] = Math.min(least[c], (System.nanoTime() - start) * 1e-9);
          if (round == 0) {
            if (errors[layer][c] == null) {
              errors[layer][c] = new OutputError();
            }
            errors[layer][c].add(heads, exact);
          }
        }
      }
      for (int c = 0; c < contenders.size(); c++) {
        seconds[c] += least[c];
      }
    }

    /** Returns the mean over the layers that were looked at. */
    double error(int contender) {
      return Arrays.stream(errors)
          .filter(layer -> layer[contender] != null)
          .mapToDouble(layer -> layer[contender].relative())
          .average()
          .orElseThrow();
    }
  }
}
