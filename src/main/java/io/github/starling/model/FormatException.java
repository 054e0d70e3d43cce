package io.github.starling.model;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not what its format says it must be. */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;
  private final long offset;
  private final String problem;

  /**
   * Describes one fault at one place.
   *
   * @param path the file
   * @param offset byte of the file at which the fault was seen
   * @param problem what is wrong and what would be right, without the path
   */
  public FormatException(Path path, long offset, String problem) {
    super(path + ", byte " + offset + ": " + problem);
    this.path = path;
    this.offset = offset;
    this.problem = problem;
  }

  /** Returns the file, or null after serialization. */
  public Path path() {
    return path;
  }

  /** Returns the same fault under another path, for a file that was unpacked from an archive. */
  FormatException at(Path other) {
    return new FormatException(other, offset, problem);
  }

  /** Returns the byte of the file at which the fault was seen. */
  public long offset() {
    return offset;
  }
}
