package io.github.starling.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What a benchmark finds out beside its times, such as its error: lines of a file that the forks
 * append to.
 *
 * <pre>
 * benchmark {parameters} TAB name TAB value
 * </pre>
 */
public final class Facts {
  /** System property: the file; without it facts are printed. */
  public static final String FILE = "starling.bench.facts";

  private Facts() {}

  /** Appends one fact. */
  static void add(BenchmarkParams params, String name, double value) {
    String line = key(params) + "\t" + name + "\t" + value + "\n";
    String file = System.getProperty(FILE, "");
    if (file.isEmpty()) {
      System.out.print("# " + line);
      return;
    }
    try {
      Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the values of each fact of each benchmark, by key and name. */
  static Map<String, Map<String, List<Double>>> read(Path file) throws IOException {
    var facts = new LinkedHashMap<String, Map<String, List<Double>>>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split("\t");
        facts
            .computeIfAbsent(parts[0], _ -> new TreeMap<>())
            .computeIfAbsent(parts[1], _ -> new ArrayList<>())
            .add(Double.valueOf(parts[2]));
      }
    }
    return facts;
  }

  /** Returns what names a benchmark with its parameters. */
  static String key(BenchmarkParams params) {
    return name(params) + " " + parameters(params);
  }

  /** Returns the class and method, such as {@code MicroKernelBenchmark.tile}. */
  static String name(BenchmarkParams params) {
    String[] words = params.getBenchmark().split("\\.");
    return words[words.length - 2] + "." + words[words.length - 1];
  }

  /** Returns the parameters by name. */
  static Map<String, String> parameters(BenchmarkParams params) {
    var parameters = new TreeMap<String, String>();
    for (String key : params.getParamsKeys()) {
      parameters.put(key, params.getParam(key));
    }
    return parameters;
  }
}
