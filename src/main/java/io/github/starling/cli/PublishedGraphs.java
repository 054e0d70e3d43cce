package io.github.starling.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Says whether a graph that a person imports is one that was published.
 *
 * @param artifact what they were published in, {@code name@version}
 * @param sums SHA-256 of each, in lower-case hexadecimal
 */
record PublishedGraphs(String artifact, Set<String> sums) {
  /** Both sizes of Moonshine, the encoder and the decoder of each. */
  static final PublishedGraphs MOONSHINE =
      new PublishedGraphs(
          RemoteModel.MOONSHINE_PACKAGE,
          Set.of(
              "c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a",
              "eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367",
              "1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751",
              "cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3"));

  /** Returns what there is to say of a file, a line. */
  String compare(Path graph) throws IOException {
    String sum = RemoteModel.sha256(graph);
    return sums.contains(sum)
        ? "%s is as published in %s".formatted(graph, artifact)
        : "%s is not one of those published in %s; its SHA-256 is %s"
            .formatted(graph, artifact, sum);
  }
}
