package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicWriteTest {
  private static final AtomicWrite.FileBody NEW = c -> c.write(ByteBuffer.wrap(new byte[] {1, 2}));

  @TempDir Path folder;

  @Test
  void aFileIsReplacedWhole() throws Exception {
    var target = Files.write(folder.resolve("f"), new byte[9]);
    AtomicWrite.file(target, NEW);
    assertEquals(2, Files.size(target));
    assertEquals(List.of("f"), names());
  }

  @Test
  void aFailingBodyLeavesTheOldFile() throws Exception {
    var target = Files.write(folder.resolve("f"), new byte[9]);
    var e =
        assertThrows(
            FileSystemException.class,
            () ->
                AtomicWrite.file(
                    target,
                    c -> {
                      NEW.write(c);
                      throw new IOException("No space left on device");
                    }));
    assertEquals(target + ": cannot write: No space left on device", e.getMessage());
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicWrite.file(
                target,
                _ -> {
                  throw new IllegalStateException();
                }));
    assertEquals(9, Files.size(target));
    assertEquals(List.of("f"), names());
  }

  @Test
  void aMissingParentIsNamed() {
    var target = folder.resolve("none/f");
    for (var write : writes(target)) {
      var e = assertThrows(NoSuchFileException.class, write::run);
      assertEquals(
          target + ": cannot write: folder " + folder.resolve("none") + " does not exist",
          e.getMessage());
    }
  }

  @Test
  void aParentThatIsAFileIsNamed() throws Exception {
    Files.write(folder.resolve("g"), new byte[1]);
    for (var write : writes(folder.resolve("g/f"))) {
      var e = assertThrows(FileSystemException.class, write::run);
      assertTrue(e.getMessage().endsWith("g is not a folder"), e.getMessage());
    }
  }

  @Test
  void aReadOnlyParentIsNamed() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeTrue(!Files.isWritable(folder), "root may write anywhere");
      for (var write : writes(folder.resolve("f"))) {
        var e = assertThrows(FileSystemException.class, write::run);
        assertTrue(e.getMessage().endsWith(folder + " is not writable"), e.getMessage());
      }
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Whoever runs the tests: nobody creates files in the kernel's own file system. */
  @Test
  void aParentThatTakesNoFilesIsNamed() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    for (var write : writes(Path.of("/proc/f"))) {
      var e = assertThrows(FileSystemException.class, write::run);
      assertTrue(e.getMessage().startsWith("/proc/f: cannot write: "), e.getMessage());
    }
  }

  @Test
  void aDeviceIsNotReplaced() {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    var e =
        assertThrows(FileSystemException.class, () -> AtomicWrite.file(Path.of("/dev/full"), NEW));
    assertTrue(e.getMessage().endsWith("not a regular file"), e.getMessage());
    assertTrue(!Files.isRegularFile(Path.of("/dev/full")));
  }

  @Test
  void aLinkStaysALink() throws Exception {
    var target = Files.write(folder.resolve("f"), new byte[9]);
    var link = Files.createSymbolicLink(folder.resolve("link"), target);
    AtomicWrite.file(link, NEW);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(2, Files.size(target));
  }

  @Test
  void aFolderAppearsWhole() throws Exception {
    var target = folder.resolve("d");
    AtomicWrite.folder(
        target,
        false,
        d -> {
          Files.createDirectory(d.resolve("sub"));
          Files.write(d.resolve("sub/f"), new byte[3]);
          assertTrue(Files.notExists(target));
        });
    assertEquals(3, Files.size(target.resolve("sub/f")));
    assertEquals(List.of("d"), names());
  }

  @Test
  void aFailingBodyLeavesNoFolder() throws Exception {
    var target = folder.resolve("d");
    assertThrows(
        FileSystemException.class,
        () ->
            AtomicWrite.folder(
                target,
                false,
                d -> {
                  Files.createDirectory(d.resolve("sub"));
                  Files.write(d.resolve("sub/f"), new byte[3]);
                  throw new IOException("No space left on device");
                }));
    assertEquals(List.of(), names());
  }

  @Test
  void anExistingFolderGivesWayOnlyWhenAsked() throws Exception {
    var target = Files.createDirectory(folder.resolve("d"));
    Files.write(target.resolve("old"), new byte[1]);
    AtomicWrite.FolderBody body = d -> Files.write(d.resolve("new"), new byte[1]);
    assertThrows(FileAlreadyExistsException.class, () -> AtomicWrite.folder(target, false, body));
    assertTrue(Files.exists(target.resolve("old")));

    AtomicWrite.folder(target, true, body);
    assertTrue(Files.exists(target.resolve("new")));
    assertTrue(Files.notExists(target.resolve("old")));
    assertEquals(List.of("d"), names());
  }

  @Test
  void theOldFolderComesBackIfTheNewOneCannotTakeItsName() throws Exception {
    var target = Files.createDirectory(folder.resolve("d"));
    Files.write(target.resolve("old"), new byte[1]);
    // without the new folder, its renaming is what fails
    assertThrows(
        FileSystemException.class, () -> AtomicWrite.folder(target, true, d -> Files.delete(d)));
    assertTrue(Files.exists(target.resolve("old")));
    assertEquals(List.of("d"), names());
  }

  @Test
  void anEmptyFolderIsFilled() throws Exception {
    var target = Files.createDirectory(folder.resolve("d"));
    AtomicWrite.folder(target, false, d -> Files.write(d.resolve("new"), new byte[1]));
    assertTrue(Files.exists(target.resolve("new")));
  }

  @Test
  void aFolderFinishedByAnotherMeanwhileIsKept() throws Exception {
    var target = folder.resolve("d");
    assertThrows(
        FileAlreadyExistsException.class,
        () ->
            AtomicWrite.folder(
                target,
                false,
                _ -> {
                  Files.createDirectory(target);
                  Files.write(target.resolve("theirs"), new byte[1]);
                }));
    assertTrue(Files.exists(target.resolve("theirs")));
    assertEquals(List.of("d"), names());
  }

  private interface Write {
    void run() throws IOException;
  }

  private static List<Write> writes(Path target) {
    return List.of(
        () -> AtomicWrite.file(target, NEW), () -> AtomicWrite.folder(target, false, _ -> {}));
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
