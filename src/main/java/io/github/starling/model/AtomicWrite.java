package io.github.starling.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Writes beside the target under another name, then renames.
 *
 * <p>Nobody sees a half-made file or folder: on any failure the target is as it was and the other
 * name is gone.
 */
public final class AtomicWrite {
  private static final String PROBLEM = "cannot write: ";

  private AtomicWrite() {}

  /** Fills a new file. */
  @FunctionalInterface
  public interface FileBody {
    /** Writes the content from the channel's start. */
    void write(FileChannel channel) throws IOException;
  }

  /** Fills a new folder. */
  @FunctionalInterface
  public interface FolderBody {
    /** Writes the files into an empty folder. */
    void write(Path folder) throws IOException;
  }

  /**
   * Writes a file; one of that name is replaced.
   *
   * @param target where it goes; a link is followed
   * @throws IOException if the parent folder is missing or not writable, the target is there but is
   *     no regular file, the disk is full, or the body fails; the message names the target
   */
  public static void file(Path target, FileBody body) throws IOException {
    Path place = place(target);
    Path temporary = beside(target, place);
    try {
      try (var channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        body.write(channel);
        channel.force(true);
      }
      Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteAfter(e, temporary);
      throw explained(target, temporary, e);
    } catch (RuntimeException | Error e) {
      deleteAfter(e, temporary);
      throw e;
    }
  }

  /**
   * Writes a file of text in UTF-8, see {@link #file}.
   *
   * @throws IOException as {@link #file}
   */
  public static void text(Path target, String content) throws IOException {
    var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
    file(
        target,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /**
   * Checks that a file could be written, before work is done for it.
   *
   * @param target where it is to go
   * @throws IOException if the parent folder is missing or not writable, or the target is there but
   *     is no regular file; the message names the target
   */
  public static void checkFile(Path target) throws IOException {
    Path folder = beside(target, place(target)).getParent();
    if (!Files.isWritable(folder)) {
      throw new FileSystemException(
          target.toString(), null, PROBLEM + "folder " + folder + " is not writable");
    }
  }

  private static Path place(Path target) throws IOException {
    Path place = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    if (Files.exists(place) && !Files.isRegularFile(place)) {
      // a rename would replace a device such as /dev/null itself
      throw new FileSystemException(target.toString(), null, PROBLEM + "not a regular file");
    }
    return place;
  }

  /**
   * Writes a folder.
   *
   * <p>With {@code replace}, an older folder is renamed aside before the new one takes its name and
   * is deleted after; a crash between the two renames leaves it aside.
   *
   * @param target where it goes
   * @param replace whether an existing folder that is not empty gives way
   * @throws FileAlreadyExistsException if the target exists and must not or cannot be replaced
   * @throws IOException if the parent folder is missing or not writable, the disk is full, or the
   *     body fails; the message names the target
   */
  public static void folder(Path target, boolean replace, FolderBody body) throws IOException {
    Path place = target.toAbsolutePath().normalize();
    checkReplaceable(target, replace);
    Path temporary = beside(target, place);
    try {
      Files.createDirectory(temporary);
      body.write(temporary);
      install(temporary, target, replace);
    } catch (IOException e) {
      deleteAfter(e, temporary);
      throw explained(target, temporary, e);
    } catch (RuntimeException | Error e) {
      deleteAfter(e, temporary);
      throw e;
    }
  }

  private static void install(Path temporary, Path target, boolean replace) throws IOException {
    Path place = target.toAbsolutePath().normalize();
    Path old = replace && Files.exists(place) ? beside(target, place) : null;
    if (old != null) {
      Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      checkReplaceable(target, false); // another process may have finished first
      Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (old != null && Files.notExists(place)) {
        Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
    if (old != null) {
      delete(old);
    }
  }

  private static void checkReplaceable(Path target, boolean replace) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new FileAlreadyExistsException(target.toString(), null, "exists and is not a folder");
    }
    if (!replace) {
      try (var entries = Files.list(target)) {
        if (entries.findAny().isPresent()) {
          throw new FileAlreadyExistsException(
              target.toString(), null, "exists; delete it or ask to replace it");
        }
      }
    }
  }

  private static Path beside(Path target, Path place) throws IOException {
    Path parent = place.getParent();
    if (parent == null) {
      throw new FileSystemException(target.toString(), null, PROBLEM + "not a file name");
    }
    if (!Files.exists(parent)) {
      throw new NoSuchFileException(
          target.toString(), null, PROBLEM + "folder " + parent + " does not exist");
    }
    if (!Files.isDirectory(parent)) {
      throw new FileSystemException(target.toString(), null, PROBLEM + parent + " is not a folder");
    }
    return parent.resolve("." + place.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  /** Turns a failure to write the temporary file into one that speaks of the target. */
  private static IOException explained(Path target, Path temporary, IOException failure) {
    String reason = failure.getMessage();
    if (failure instanceof FormatException) {
      return failure;
    }
    if (failure instanceof FileSystemException e) {
      if (!String.valueOf(e.getFile()).startsWith(temporary.toString())) {
        return e; // of a file that the body reads, or of the target: it names itself
      }
      reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }
    if (failure instanceof AccessDeniedException) {
      reason = "folder " + temporary.getParent() + " is not writable";
    }
    if (reason != null && reason.startsWith(PROBLEM)) { // of a file within a folder
      reason = reason.substring(PROBLEM.length());
    }
    var explained = new FileSystemException(target.toString(), null, PROBLEM + reason);
    explained.initCause(failure);
    return explained;
  }

  private static void deleteAfter(Throwable failure, Path temporary) {
    try {
      delete(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Deletes a file, or a folder with all that is in it, if it is there.
   *
   * @throws IOException if something of it cannot be deleted
   */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> deepestFirst;
    try (var paths = Files.walk(path)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.delete(each);
    }
  }
}
