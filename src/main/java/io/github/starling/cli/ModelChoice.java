package io.github.starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Which model a command uses.
 *
 * @param model a folder or the name of a model in the cache
 * @param offline whether a model that is missing may not be fetched
 */
record ModelChoice(String model, boolean offline) {
  /**
   * Returns the model's folder; one that is known is fetched if it is not in the cache.
   *
   * @param err where a person reads what is going on
   * @throws IOException if there is no such model or it cannot be fetched
   */
  Path folder(Surroundings surroundings, PrintWriter err) throws IOException {
    ModelCache cache = surroundings.cache();
    boolean isPath = model.contains("/") || Files.isDirectory(Path.of(model));
    Path folder = isPath ? Path.of(model) : cache.model(model);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    if (isPath) {
      throw new NoSuchFileException(model, null, "no such model folder");
    }
    var remote = RemoteModel.named(model);
    if (remote.isEmpty()) {
      throw new IOException(
          "no model is named %s: it is neither a folder nor in %s (see starling models)"
              .formatted(model, cache.models()));
    }
    if (offline) {
      throw new IOException(
          "the model %s is not in %s and --offline forbids to fetch it: run the command once without"
              .formatted(model, cache.models()));
    }
    return remote.get().fetch(surroundings, err);
  }
}
