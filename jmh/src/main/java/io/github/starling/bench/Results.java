package io.github.starling.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a run has found out, as it lies in a JSON file between the benchmarks and the report.
 *
 * @param machine what it ran on, by name
 * @param limits of one core, by name: {@code flops}, {@code popcounts}, {@code bandwidth BYTES}
 * @param notes what a reader must know, such as peers that were missing
 * @param figures one for each benchmark and each choice of its parameters
 */
public record Results(
    Map<String, String> machine,
    Map<String, Double> limits,
    List<String> notes,
    List<Figure> figures) {
  /**
   * What one benchmark found out.
   *
   * @param benchmark class and method
   * @param parameters by name
   * @param nanos time of a call, the median of all iterations of all forks
   * @param spread half the distance of their quartiles, as a part of the median
   * @param facts the other figures, by name
   */
  public record Figure(
      String benchmark,
      Map<String, String> parameters,
      double nanos,
      double spread,
      Map<String, Double> facts) {
    /** Returns a parameter as a number. */
    public int number(String parameter) {
      return Integer.parseInt(parameters.get(parameter));
    }

    /** Returns billions of float32 operations a second. */
    public double gigaflops() {
      return facts.get("flop") / nanos;
    }

    /** Returns the share of what one core can do, measured in the same process. */
    public double shareOfPeak() {
      return facts.get("flop") / (nanos * 1e-9) / facts.get("peak");
    }
  }

  /** Reads a file. */
  static Results read(Path file) throws IOException {
    return new Gson().fromJson(Files.readString(file), Results.class);
  }

  /** Writes a file. */
  void write(Path file) throws IOException {
    Files.writeString(
        file,
        new GsonBuilder()
            .setPrettyPrinting()
            .serializeSpecialFloatingPointValues()
            .create()
            .toJson(this));
  }

  /** Returns the figures of a benchmark, in their order. */
  List<Figure> of(String benchmark) {
    return figures.stream().filter(f -> f.benchmark().equals(benchmark)).toList();
  }

  /** Returns the figure of a benchmark with some parameters, given as names and values. */
  Optional<Figure> find(String benchmark, String... parameters) {
    return of(benchmark).stream().filter(f -> has(f, parameters)).findFirst();
  }

  private static boolean has(Figure figure, String... parameters) {
    for (int i = 0; i < parameters.length; i += 2) {
      if (!parameters[i + 1].equals(figure.parameters().get(parameters[i]))) {
        return false;
      }
    }
    return true;
  }
}
