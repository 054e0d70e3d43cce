package io.github.starling.bench.data;

import io.github.starling.bench.peer.OnnxBert;
import io.github.starling.bench.peer.TorchScript;
import io.github.starling.model.ModelFolder;
import io.github.starling.model.ModelImport;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What the benchmarks read, made once: forks start sooner when it lies in files. */
public final class DataFolder {
  /** System property: the folder. */
  public static final String PROPERTY = "starling.bench.data";

  /** The models' names. */
  public static final List<String> MODELS = List.of("minilm", "bert-base");

  private static final String MINILM = "/all-minilm-l6-v2.onnx";

  private DataFolder() {}

  /** Returns the path of a file or folder of the data. */
  public static Path path(String name) {
    return Path.of(System.getProperty(PROPERTY, "jmh/target/data")).resolve(name);
  }

  /**
   * Makes what is missing.
   *
   * @param home the project's folder, for its texts
   */
  public static void prepare(Path home) throws IOException, URISyntaxException {
    Files.createDirectories(path("."));
    if (!Files.exists(path("minilm"))) {
      ModelImport.run(jar(), path("minilm"), ModelImport.Options.DEFAULT);
    }
    if (!Files.exists(path("minilm-published.onnx"))) {
      write("minilm-published.onnx", file -> copyResource(MINILM, file));
    }
    if (!Files.exists(path("bert-base"))) {
      RandomBert.write(path("bert-base"));
    }
    for (String model : MODELS) {
      if (!Files.exists(path(model + ".onnx"))) {
        try (var arena = Arena.ofConfined()) {
          var folder = ModelFolder.open(path(model), arena);
          write(model + ".onnx", file -> OnnxBert.write(folder, file));
        }
      }
    }
    if (!Files.exists(path("attention.pt"))) {
      write("attention.pt", TorchScript::writeAttention);
    }
    if (!Files.exists(path("heads.safetensors"))) {
      RealHeads.write(home, path("heads.safetensors"));
    }
  }

  private static Path jar() throws IOException, URISyntaxException {
    var url = DataFolder.class.getResource(MINILM);
    return Path.of(((JarURLConnection) url.openConnection()).getJarFileURL().toURI());
  }

  private static void copyResource(String name, Path file) throws IOException {
    try (InputStream in = DataFolder.class.getResourceAsStream(name)) {
      Files.copy(in, file);
    }
  }

  @FunctionalInterface
  private interface Content {
    void write(Path file) throws IOException;
  }

  /** Writes a file beside its place and renames it. */
  private static void write(String name, Content content) throws IOException {
    Path unfinished = path(name + ".part");
    Files.deleteIfExists(unfinished);
    content.write(unfinished);
    Files.move(unfinished, path(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
