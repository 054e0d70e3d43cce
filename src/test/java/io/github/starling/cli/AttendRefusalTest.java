package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.model.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code attend} says to bad input: one sentence, and nothing is written. */
class AttendRefusalTest {
  @TempDir Path folder;
  private Path in;
  private Path out;

  @BeforeEach
  void input() throws IOException {
    in = qkv(5, 6, 4).write(folder.resolve("in.safetensors"));
    out = Files.createDirectory(folder.resolve("results")).resolve("out.safetensors");
  }

  @AfterEach
  void nothingIsWritten() throws IOException {
    if (Files.isDirectory(out.getParent())) {
      try (Stream<Path> files = Files.list(out.getParent())) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  @Test
  void noClusters() {
    refused("--clusters must be 1 to 65536, not 0", "--clusters", 0);
  }

  @Test
  void moreClustersThanQueries() {
    refused("--clusters 6 is more than there are queries: 5", "--clusters", 6);
  }

  @Test
  void moreTopKeysThanKeys() {
    refused("--top-k 7 is more than there are keys: 6", "--top-k", 7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.1", "NaN", "Infinity"})
  void anErrorThatCannotBeAccepted(String error) {
    String given = "" + Double.parseDouble(error);
    refused("--max-error must be positive and finite, not " + given, "--max-error=" + error);
  }

  @Test
  void noTopKeys() {
    refused("--top-k must be at least 1, not 0", "--top-k", 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65})
  void tooFewOrTooManyBits(int bits) {
    refused("--bits must be 1 to 64, not " + bits, "--bits", bits);
  }

  @Test
  void noIterations() {
    refused("--iterations must be at least 1, not 0", "--iterations", 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -3})
  void anAuditWithoutQueries(int queries) {
    refused("--audit must be at least 1, not " + queries, "--audit=" + queries);
  }

  @Test
  void runsForAKindWithoutThem() {
    CommandRun.of(
            folder,
            "attend",
            in,
            "-o",
            out,
            "--attention",
            "refined-clustered",
            "--clustering=runs")
        .refused(
            2,
            "--clustering runs is for clustered, improved-clustered, causal-improved-clustered,"
                + " not for refined-clustered");
  }

  @Test
  void noThreads() {
    refused("--threads must be at least 1, not 0", "--threads", 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0", "-1.0", "NaN", "Infinity"})
  void aScaleThatIsNotPositive(String scale) {
    refused("--scale must be positive and finite, not " + scale, "--scale", scale);
  }

  @Test
  void queriesWithoutColumns() throws IOException {
    qkv(5, 6, 0).write(in);
    refused(in + ": query has shape [2, 5, 0] but needs a width of at least 1");
  }

  @Test
  void keysOfAnotherWidth() throws IOException {
    new AttendFile()
        .random("query", 1, 2, 5, 4)
        .random("key", 2, 2, 6, 3)
        .random("value", 3, 2, 6, 4)
        .write(in);
    refused(in + ": queries have 4 columns but keys have 3");
  }

  @Test
  void aMissingTensor() throws IOException {
    new AttendFile().random("query", 1, 2, 5, 4).write(in);
    refused(in + ", byte 8: no tensor is named \"key\"");
  }

  @Test
  void tensorsOfAnotherRank() throws IOException {
    new AttendFile().random("query", 1, 5, 4).write(in);
    refused(
        in
            + ": query has shape [5, 4] but needs (heads, length, width) or (batch, heads, length,"
            + " width), as query has");
  }

  @Test
  void queriesOfAnotherType() throws IOException {
    new AttendFile().typed("query", DType.F16, 2, 5, 4).write(in);
    refused(in + ": query is of F16 but F32 is needed");
  }

  @Test
  void planesOfAnotherWidth() throws IOException {
    qkv(5, 6, 4).random("planes", 4, 8, 4).write(in);
    refused(in + ": planes has shape [8, 4] but needs (B, 5) with B from 1 to 64");
  }

  @Test
  void bitsThatContradictThePlanes() throws IOException {
    qkv(5, 6, 4).random("planes", 4, 8, 5).write(in);
    refused("--bits 9 contradicts the input's 8 planes", "--bits", 9);
  }

  @Test
  void firstCentroidsBeyondTheQueries() throws IOException {
    qkv(5, 6, 4).longs("initial", 0, 5).write(in);
    refused(in + ": initial position 5 is not one of 5 valid queries");
    qkv(5, 6, 4).longs("initial", 0, -1).write(in);
    refused(in + ": element 1 of initial is -1, which is no position");
    qkv(5, 6, 4).longs("initial", 0, 1, 2, 3, 4, 0).write(in);
    refused(in + ": initial has 6 positions but there are 5 queries");
  }

  @Test
  void lengthsBeyondTheTensor() throws IOException {
    qkv(5, 6, 4).longs("key_lengths", 7).write(in);
    refused(in + ": key length 7 of sequence 0 is not between 0 and 6");
  }

  @Test
  void aFileThatIsNotSafetensors() throws IOException {
    Files.write(in, new byte[] {1, 2, 3});
    refused(in + ", byte 3: the file ends inside the header length, which takes 8 bytes");
  }

  @Test
  void aMissingFile() throws IOException {
    Files.delete(in);
    refused(in + ": no such file");
  }

  @Test
  void aMissingOutputFolder() throws IOException {
    Files.delete(out.getParent());
    refused(out + ": cannot write: folder " + out.getParent() + " does not exist");
  }

  @Test
  void anOutputFolderThatIsNotWritable() throws IOException {
    var readOnly = PosixFilePermissions.fromString("r-xr-xr-x");
    Files.setPosixFilePermissions(out.getParent(), readOnly);
    Assumptions.assumeFalse(Files.isWritable(out.getParent()), "root may write anywhere");
    refused(out + ": cannot write: folder " + out.getParent() + " is not writable");
  }

  @Test
  void aKindThatDoesNotExist() {
    CommandRun.of(folder, "attend", in, "-o", out, "--attention", "magic")
        .refused(
            2,
            "Invalid value for option '--attention': full, clustered, improved-clustered,"
                + " causal-improved-clustered, refined-clustered, auto, oracle-top-k, local,"
                + " shared-qk, reformer are the names, not magic");
  }

  @Test
  void anotherNumberOfKeysThanQueriesWhereTheirPositionsMatter() {
    String sentence = in + ": head 0 has 5 queries but 6 keys; %s attention needs as many of each";
    CommandRun.of(folder, "attend", in, "-o", out, "--attention=local")
        .refused(1, sentence.formatted("local"));
    CommandRun.of(folder, "attend", in, "-o", out, "--attention=full", "--causal")
        .refused(1, sentence.formatted("causal"));
  }

  @Test
  void noRoundOrChunk() {
    refused("--rounds must be at least 1, not 0", "--rounds", 0);
    refused("--chunk must be 1 to 65536, not 0", "--chunk", 0);
  }

  @Test
  void noWindow() {
    CommandRun.of(folder, "attend", in, "-o", out, "--attention=local", "--window", 0)
        .refused(1, in + ": the window must be at least 1, not 0");
  }

  @Test
  void causalClusteredAttention() {
    CommandRun.of(folder, "attend", in, "-o", out, "--attention=clustered", "--causal")
        .refused(2, "--causal is for full attention, not for clustered");
  }

  @Test
  void aDeviceAsOutput() {
    var run = CommandRun.of(folder, "attend", in, "-o", "/dev/null", "--attention", "full");
    run.refused(1, "/dev/null: cannot write: not a regular file");
  }

  @Test
  void debugShowsWhereItArose() {
    var run = CommandRun.of(folder, "attend", "no/file", "-o", out, "--attention=full", "--debug");
    assertEquals(1, run.status());
    assertTrue(run.err().contains("\tat io.github.starling."), run.err());
  }

  private static AttendFile qkv(int n, int m, int dk) {
    return new AttendFile()
        .random("query", 1, 2, n, dk)
        .random("key", 2, 2, m, dk)
        .random("value", 3, 2, m, 4);
  }

  private void refused(String sentence, Object... options) {
    var words =
        new ArrayList<Object>(
            List.of("attend", in, "-o", out, "--attention", "improved-clustered"));
    words.addAll(List.of(options));
    CommandRun.of(folder, words.toArray()).refused(1, sentence);
  }
}
