package io.github.starling.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The folder where models stay once they are fetched, each in a Hugging Face folder of its name.
 *
 * @param folder the cache, which need not exist yet
 */
record ModelCache(Path folder) {
  /**
   * Returns {@code STARLING_HOME} if it is set, else the user's cache folder of this system.
   *
   * @param environment the variables of the process
   * @param system the name of the operating system, as Java gives it
   * @param home the user's home folder
   */
  static ModelCache of(Map<String, String> environment, String system, Path home) {
    String own = environment.getOrDefault("STARLING_HOME", "");
    if (!own.isEmpty()) {
      return new ModelCache(Path.of(own));
    }
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!shared.isEmpty()) {
      return new ModelCache(Path.of(shared, "starling"));
    }
    Path caches =
        system.startsWith("Mac") ? home.resolve("Library/Caches") : home.resolve(".cache");
    return new ModelCache(caches.resolve("starling"));
  }

  /** Returns the folder of one model, whether or not it is there. */
  Path model(String name) {
    return models().resolve(name);
  }

  /** Returns the folder that holds the models' folders, which need not exist yet. */
  Path models() {
    return folder.resolve("models");
  }

  /** Returns the folders of the models that are there, by name. */
  List<Path> list() throws IOException {
    if (!Files.isDirectory(models())) {
      return List.of();
    }
    try (var entries = Files.list(models())) {
      // a dot begins the name of one that is being written
      return entries
          .filter(e -> Files.isDirectory(e) && !e.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }
}
