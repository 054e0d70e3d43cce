package io.github.starling.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * A jar of Maven Central, or of the local repository if it is there already.
 *
 * @param artifact {@code group:name:version}
 */
record MavenJar(String artifact) implements Origin {
  private static final String GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy";

  /** What Maven writes while it fetches, such as {@code Progress (1): 5.2/83 MB}. */
  private static final Pattern PROGRESS = Pattern.compile("Progress \\(1\\): ([0-9]+)\\S* MB.*");

  private static final Pattern ERROR = Pattern.compile("\\[ERROR\\] (.+)");

  @Override
  public String registry() {
    return "Maven Central";
  }

  @Override
  public Path copy(Surroundings surroundings, Path folder, LongConsumer megabytes)
      throws IOException {
    var command =
        List.of(
            surroundings.programs().maven(),
            "-Dstyle.color=never",
            GOAL,
            "-Dartifact=" + artifact,
            "-DoutputDirectory=" + folder);
    var maven = new OutsideProgram("Maven", command, "");
    maven.fetch(artifact, folder, line -> problem(line, megabytes));
    try (var files = Files.newDirectoryStream(folder, "*.jar")) {
      return files.iterator().next();
    }
  }

  private static String problem(String line, LongConsumer megabytes) {
    var progress = PROGRESS.matcher(line);
    if (progress.matches()) {
      megabytes.accept(Long.parseLong(progress.group(1)));
    }
    var problem = ERROR.matcher(line);
    return problem.matches() ? problem.group(1) : null;
  }

  @Override
  public Path unpack(Path file, Path folder) {
    return file;
  }
}
