package io.github.starling.evaluation;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recordings of speech with what was said in them.
 *
 * <p>A UTF-8 file of values between tabs, without quotes, whose first line names the columns:
 * {@code id}, {@code text} and, if there are such, {@code voice} and {@code file}; others are left
 * out. A recording is {@code <id>.wav} in the same folder, or what {@code file} says, seen from
 * there.
 *
 * @param clips in the order of the file, at least one
 */
public record ClipList(List<Clip> clips) {
  /**
   * A recording.
   *
   * @param id what it is called, unlike any other of its list
   * @param voice who speaks; empty if it is not said
   * @param file a file that was there when the list was read
   * @param text what is said, not blank
   */
  public record Clip(String id, String voice, Path file, String text) {}

  /**
   * Reads a list.
   *
   * @throws FormatException at a line that is not so, or whose recording is missing; the message
   *     has its byte and line
   * @throws IOException if the file is missing or cannot be read
   */
  public static ClipList read(Path path) throws IOException {
    return new Reader(TextFile.read(path)).read();
  }

  /** The state of one reading. */
  private static final class Reader {
    private final TextFile file;
    private final Set<String> ids = new HashSet<>();
    private List<String> columns = List.of();

    /** The first {@code char} of the line that is read, and its values. */
    private int start;

    private List<String> values = List.of();

    Reader(TextFile file) {
      this.file = file;
    }

    ClipList read() throws FormatException {
      String text = file.text();
      var clips = new ArrayList<Clip>();
      for (int next; start < text.length(); start = next) {
        int end = text.indexOf('\n', start);
        next = end < 0 ? text.length() : end + 1;
        String line = text.substring(start, end < 0 ? next : end);
        values =
            List.of(
                (line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
                    .split("\t", -1));
        if (columns.isEmpty()) {
          header();
        } else {
          clips.add(clip());
        }
      }
      if (clips.isEmpty()) {
        throw file.error(0, "the list has no clips");
      }
      return new ClipList(clips);
    }

    private void header() throws FormatException {
      columns = values;
      for (String column : List.of("id", "text")) {
        if (!columns.contains(column)) {
          throw error("the columns must be id, text and others, not " + columns);
        }
      }
    }

    private Clip clip() throws FormatException {
      if (values.size() != columns.size()) {
        throw error(
            "there must be %d values between tabs, as the first line says, not %d"
                .formatted(columns.size(), values.size()));
      }
      String id = value("id", "");
      if (id.isBlank() || !ids.add(id)) {
        throw error("the id \"" + id + "\" is empty or stands above");
      }
      String text = value("text", "");
      if (text.isBlank()) {
        throw error("the text is empty");
      }
      return new Clip(id, value("voice", ""), recording(value("file", id + ".wav")), text);
    }

    private Path recording(String name) throws FormatException {
      try {
        Path recording = file.path().resolveSibling(name);
        if (Files.isRegularFile(recording)) {
          return recording;
        }
      } catch (InvalidPathException _) {
        // no such file either
      }
      throw error("there is no recording \"" + name + '"');
    }

    private String value(String column, String missing) {
      int at = columns.indexOf(column);
      return at < 0 ? missing : values.get(at);
    }

    private FormatException error(String problem) {
      return file.error(start, problem);
    }
  }
}
