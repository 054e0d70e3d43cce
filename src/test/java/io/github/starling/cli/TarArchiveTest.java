package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.model.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarArchiveTest {
  private static final byte[] CONTENT = "content".getBytes();

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void createFolder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("folder"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 513, 65_536, 200_001})
  void aFileIsUnpackedWhateverItsSize(int size) throws Exception {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    unpack(new TarBuilder().file("before", bytes).file("p/q/a", bytes).file("c", CONTENT), "p/q/a");
    assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("p/q/a")));
  }

  @Test
  void onlyWhatIsWantedIsUnpacked() throws Exception {
    unpack(
        new TarBuilder()
            .file("../outside", CONTENT)
            .file("/tmp/outside", CONTENT)
            .file("p/../../outside", CONTENT)
            .entry('2', "", "p", new byte[0])
            .entry('5', "", "q/", new byte[0])
            .file("wanted", CONTENT),
        "wanted");
    assertEquals(List.of("archive.tgz", "folder"), names(temporary));
    assertEquals(List.of("wanted"), names(folder));
  }

  @Test
  void aLongNameIsInTwoParts() throws Exception {
    String prefix = "d".repeat(155);
    String name = "n".repeat(100);
    unpack(new TarBuilder().entry('0', prefix, name, CONTENT), prefix + "/" + name);
    assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve(prefix).resolve(name)));
  }

  @Test
  void linksMissingFilesAndTwinsAreRefused() throws IOException {
    for (char type : new char[] {'1', '2', '3', '5'}) {
      refused("a is no plain file", new TarBuilder().entry(type, "", "a", CONTENT).build());
    }
    refused("a is in it twice", new TarBuilder().file("a", CONTENT).file("a", CONTENT).build());
    refused("no file in it is named a", new TarBuilder().file("b", CONTENT).build());
  }

  @Test
  void truncatedArchivesAreRefused() throws IOException {
    byte[] whole = new TarBuilder().file("b", CONTENT).file("a", CONTENT).build();
    for (int length = 0; length < 4 * 512; length += 37) {
      refused("it is cut off", Arrays.copyOf(whole, length));
    }
    Path archive = TarBuilder.compressed(whole, temporary.resolve("archive.tgz"));
    byte[] compressed = Files.readAllBytes(archive);
    for (int length = 0; length < compressed.length; length++) {
      Files.write(archive, Arrays.copyOf(compressed, length));
      assertThrows(FormatException.class, () -> TarArchive.unpack(archive, List.of("a"), folder));
    }
  }

  @Test
  void damagedHeadersAreRefused() throws IOException {
    byte[] whole = new TarBuilder().file("a", CONTENT).build();
    for (int at = 0; at < 512; at += at == 154 ? 2 : 1) { // 155 follows the end of the checksum
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      boolean isChecksum = at >= 148 && at < 156;
      refused(isChecksum ? "" : "the checksum of a header is wrong", damaged);
    }
    refused("Not in GZIP format", whole, true);
  }

  @Test
  void aSizeThatIsNotOctalIsRefused() throws IOException {
    byte[] large = new TarBuilder().file("a", CONTENT).build();
    large[124] = (byte) 0x80; // a size in base 256, beyond 8 GB
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? ' ' : large[i] & 0xFF;
    }
    System.arraycopy("%06o".formatted(sum).getBytes(), 0, large, 148, 6);
    refused("a number of a is not octal", large);
  }

  private void unpack(TarBuilder tar, String... wanted) throws IOException {
    Path archive = TarBuilder.compressed(tar.build(), temporary.resolve("archive.tgz"));
    TarArchive.unpack(archive, List.of(wanted), folder);
  }

  private void refused(String problem, byte[] tar) throws IOException {
    refused(problem, tar, false);
  }

  private void refused(String problem, byte[] tar, boolean isPlain) throws IOException {
    Path archive = temporary.resolve("archive.tgz");
    if (isPlain) {
      Files.write(archive, tar);
    } else {
      TarBuilder.compressed(tar, archive);
    }
    var e =
        assertThrows(FormatException.class, () -> TarArchive.unpack(archive, List.of("a"), folder));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().startsWith(archive.toString()), e.getMessage());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> e.getFileName().toString()).sorted().toList();
    }
  }
}
