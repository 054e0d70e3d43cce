package io.github.starling.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the models of the cache. */
@Command(
    name = "models",
    description = "Lists the models of the cache: their names, sizes and folders.",
    footer = {"", "Example: starling models"})
final class ModelsCommand implements Callable<Integer> {
  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    var out = spec.commandLine().getOut();
    ModelCache cache = starling.surroundings().cache();
    var models = cache.list();
    if (models.isEmpty()) {
      out.println(
          "no model in " + cache.models() + " yet; the first command that needs one fetches it");
    }
    for (Path model : models) {
      out.printf(Locale.ROOT, "%-24s %7.1f MB  %s%n", model.getFileName(), megabytes(model), model);
    }
    return 0;
  }

  private static double megabytes(Path folder) throws IOException {
    long bytes = 0;
    try (var files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
    }
    return bytes / 1e6;
  }
}
