package io.github.starling.encoder;

import io.github.starling.model.ModelImport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** all-MiniLM-L6-v2 as a model folder, imported from its Maven artifact once in a JVM. */
public final class MiniLm {
  /** The graph, a resource on the class path. */
  public static final String ONNX = "/all-minilm-l6-v2.onnx";

  private static Path folder;

  private MiniLm() {}

  /** Returns the folder, which is deleted when the JVM ends. */
  public static synchronized Path folder() throws IOException, URISyntaxException {
    if (folder == null) {
      var url = MiniLm.class.getResource(ONNX);
      var jar = Path.of(((JarURLConnection) url.openConnection()).getJarFileURL().toURI());
      Path temporary = Files.createTempDirectory("starling-minilm");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(temporary)));
      Path target = temporary.resolve("minilm");
      ModelImport.run(jar, target, ModelImport.Options.DEFAULT);
      folder = target;
    }
    return folder;
  }

  private static void delete(Path temporary) {
    try (var files = Files.walk(temporary)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
