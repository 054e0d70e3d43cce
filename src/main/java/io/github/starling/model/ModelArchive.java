package io.github.starling.model;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * A jar or zip with a model, or with a zip that has one.
 *
 * <p>Files are unpacked under the last part of their names: a hostile name must not lead elsewhere.
 */
final class ModelArchive {
  private static final Pattern WANTED =
      Pattern.compile(
          ".+\\.onnx|.*tokenizer\\.json|.+\\.index|.+\\.data-\\d+-of-\\d+|vocab\\.txt"
              + "|bert_config\\.json");

  private static final byte[] ZIP_START = {'P', 'K', 3, 4};

  private final Path archive;
  private final Path scratch;

  private ModelArchive(Path archive, Path scratch) {
    this.archive = archive;
    this.scratch = scratch;
  }

  /**
   * Unpacks the files that may belong to a model; those of zips within only if it has none itself.
   *
   * @param scratch existing folder
   * @throws FormatException if the archive is damaged or two such files have the same last name
   */
  static void unpack(Path archive, Path scratch) throws IOException {
    var unpacking = new ModelArchive(archive, scratch);
    try (var zip = new ZipFile(archive.toFile())) {
      var files = zip.stream().filter(entry -> !entry.isDirectory()).toList();
      boolean isFound = false;
      for (ZipEntry file : files) {
        try (var content = zip.getInputStream(file)) {
          isFound |= unpacking.save(file.getName(), content);
        }
      }
      if (isFound) {
        return;
      }
      for (ZipEntry file : files) {
        try (var content = new BufferedInputStream(zip.getInputStream(file))) {
          unpacking.saveInner(content);
        }
      }
    } catch (ZipException | EOFException e) {
      throw unpacking.error("damaged archive: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw unpacking.error("damaged archive: a name in it is no file name");
    }
  }

  /** Unpacks one file if it is wanted. */
  private boolean save(String name, InputStream content) throws IOException {
    Path last = Path.of(name).getFileName();
    boolean isWanted =
        WANTED.matcher(String.valueOf(last)).matches()
            || name.endsWith("assets/" + CheckpointSource.SETTINGS);
    if (isWanted) {
      try {
        Files.copy(content, scratch.resolve(last));
      } catch (FileAlreadyExistsException e) {
        throw error("two files in it are named " + last);
      }
    }
    return isWanted;
  }

  private void saveInner(BufferedInputStream content) throws IOException {
    content.mark(ZIP_START.length);
    if (!Arrays.equals(content.readNBytes(ZIP_START.length), ZIP_START)) {
      return;
    }
    content.reset();
    var inner = new ZipInputStream(content);
    for (var entry = inner.getNextEntry(); entry != null; entry = inner.getNextEntry()) {
      if (!entry.isDirectory()) {
        save(entry.getName(), inner);
      }
    }
  }

  private FormatException error(String problem) {
    return new FormatException(archive, 0, problem);
  }
}
