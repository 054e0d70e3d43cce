package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.starling.encoder.Embedder;
import io.github.starling.encoder.EmbedderOptions;
import io.github.starling.encoder.LongText;
import io.github.starling.encoder.MiniLm;
import io.github.starling.model.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
  /** 11 tokens 80 times, and two around them. */
  private static final String LONG_TEXT = "The starling is a bird of the open country. ".repeat(80);

  private static Path model;

  @TempDir Path folder;

  @BeforeAll
  static void model() throws Exception {
    model = MiniLm.folder();
  }

  @Test
  void jsonHasTheTextAndItsVector() throws IOException {
    var run = embed("", "--json", "--text", "a \"small\" bird", "--text", "größer 🐦");
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    var lines = run.out().lines().map(EmbedCommandTest::json).toList();
    assertEquals(List.of("text", "tokens", "usedTokens", "embedding"), keys(lines.get(0)));
    assertEquals("a \"small\" bird", lines.get(0).get("text"));
    assertEquals("größer 🐦", lines.get(1).get("text"));
    try (var embedder = Embedder.open(model)) {
      for (var line : lines) {
        var expected = embedder.embed((String) line.get("text"));
        assertEquals((long) expected.tokens(), line.get("tokens"));
        assertEquals((long) expected.usedTokens(), line.get("usedTokens"));
        assertArrayEquals(expected.vector(), floats(line.get("embedding")));
      }
    }
  }

  @Test
  void aFileIsNamedInsteadOfItsText() throws IOException {
    Path file = Files.writeString(folder.resolve("bird.txt"), "a small bird\n");
    var ofFile = json(embed("", "--json", file).out());
    var ofText = json(embed("", "--json", "--text", "a small bird").out());
    assertEquals(file.toString(), ofFile.get("file"));
    assertEquals(ofText.get("embedding"), ofFile.get("embedding"));
  }

  @Test
  void theStandardInputIsOneTextOrOneForEachLine() {
    var whole = embed("one\ntwo\n", "--json", "-");
    assertEquals("-", json(whole.out()).get("file"));
    var lines = embed("one\ntwo\n", "--json", "--lines", "-").out().lines().toList();
    assertEquals(List.of("one", "two"), lines.stream().map(l -> json(l).get("text")).toList());
  }

  @Test
  void theFileHasAllVectorsAndNothingIsPrinted() throws IOException {
    Path out = folder.resolve("out.safetensors");
    var run = embed("", "--text", "one", "--text", "one two", "-o", out);
    assertEquals(0, run.status());
    assertEquals("", run.out());
    assertEquals(List.of(2L, 384L), AttendFile.shape(out, "embedding"));
    assertArrayEquals(new long[] {3, 4}, AttendFile.longs(out, "tokens"));
    assertArrayEquals(new long[] {3, 4}, AttendFile.longs(out, "used_tokens"));
    var second = json(embed("", "--json", "--text", "one two").out());
    float[] vectors = AttendFile.floats(out, "embedding");
    float[] expected = floats(second.get("embedding"));
    assertArrayEquals(expected, java.util.Arrays.copyOfRange(vectors, 384, 768));
  }

  @Test
  void aProfileHasTheLayersPhasesAndLeavesTheVectorsAlone() {
    var plain = embed("", "--json", "--text", "one", "--text", "one two");
    var run = embed("", "--json", "--profile", "--text", "one", "--text", "one two");
    assertEquals(0, run.status(), run.err());
    assertEquals(plain.out(), run.out());
    var lines = run.err().lines().toList();
    assertEquals(
        List.of(
            "phase",
            "tokenization",
            "embedding",
            "projection",
            "attend",
            "output",
            "feed-forward",
            "layer-norm",
            "pooling",
            "rest",
            "all"),
        lines.subList(0, lines.indexOf("")).stream().map(line -> line.split(" ")[0]).toList());
  }

  @Test
  void thePlainOutputIsOneShortLine() {
    var run = embed("", "--text", LONG_TEXT.substring(0, 200));
    assertEquals(1, run.out().lines().count());
    assertTrue(run.out().length() < 120, run.out());
    assertTrue(run.out().contains("384 values"), run.out());
  }

  @Test
  void aLongTextIsReadInWindowsWhichIsSaid() throws IOException {
    var run = embed("", "--json", "--text", LONG_TEXT);
    var options = EmbedderOptions.defaults().withLongText(LongText.WINDOW);
    try (var embedder = Embedder.open(model, options)) {
      assertArrayEquals(
          embedder.embed(LONG_TEXT).vector(), floats(json(run.out()).get("embedding")));
    }
    assertEquals(
        "starling: --text 1: 882 tokens; read in overlapping windows of 512", run.err().strip());
  }

  @Test
  void aCutTextIsSaid() {
    var run = embed("", "--json", "--long", "truncate", "--text", "short", "--text", LONG_TEXT);
    assertEquals("starling: --text 2: 882 tokens; only the first 512 are used", run.err().strip());
    var line = json(run.out().lines().toList().get(1));
    assertEquals(882L, line.get("tokens"));
    assertEquals(512L, line.get("usedTokens"));
  }

  @Test
  void aLongTextCanBeRefused() {
    embed("", "--long", "error", "--text", LONG_TEXT)
        .refused(
            1, "--text 1: the text has 882 tokens but the model reads 512 at once; see --long");
  }

  @Test
  void clusteredAttentionGivesAnotherVectorNearby() {
    String text = LONG_TEXT.substring(0, 1500);
    var exact = floats(json(embed("", "--json", "--text", text).out()).get("embedding"));
    var run = embed("", "--json", "--attention", "improved-clustered", "--text", text);
    var clustered = floats(json(run.out()).get("embedding"));
    double dot = 0; // both have length 1
    for (int i = 0; i < exact.length; i++) {
      dot += (double) exact[i] * clustered[i];
    }
    assertTrue(dot > 0.8 && dot < 0.999999, "cosine " + dot);
  }

  @Test
  void anAuditHasTheErrorOfEachLayer() {
    String text = LONG_TEXT.substring(0, 1500);
    var run =
        embed(
            "",
            "--json",
            "--attention=improved-clustered",
            "--audit",
            "--text",
            text,
            "--text",
            LONG_TEXT);
    assertEquals(0, run.status(), run.err());
    for (String line : run.out().lines().toList()) {
      var audit = (Map<?, ?>) json(line).get("audit");
      assertEquals(8L, audit.get("queries"));
      var layers = (List<?>) audit.get("layers");
      assertEquals(6, layers.size());
      for (var layer : layers) {
        double error = (double) ((Map<?, ?>) layer).get("error");
        double standardError = (double) ((Map<?, ?>) layer).get("standard_error");
        assertTrue(error > 0.01 && error < 1 && standardError < error, layer.toString());
      }
    }
  }

  @Test
  void anAuditOfAllQueriesGivesTheExactVectorAndOneOfExactAttentionNoError() {
    String text = LONG_TEXT.substring(0, 1500);
    var exact = json(embed("", "--json", "--text", text).out()).get("embedding");
    var audited = embed("", "--json", "--attention=clustered", "--audit=512", "--text", text);
    assertEquals(exact, json(audited.out()).get("embedding"));
    var full = json(embed("", "--json", "--audit=3", "--text", text).out());
    assertEquals(exact, full.get("embedding"));
    assertEquals(
        Map.of("error", 0.0, "standard_error", 0.0),
        ((List<?>) ((Map<?, ?>) full.get("audit")).get("layers")).getLast());
  }

  @Test
  void anAuditNeedsQueriesAndJson() {
    embed("", "--json", "--audit=0", "--text", "one")
        .refused(1, "--audit must be at least 1, not 0");
    embed("", "--audit", "--text", "one").refused(2, "--audit needs --json to say what it finds");
    embed("", "--json", "--audit", "no.txt").refused(1, "no.txt: no such file");
  }

  @Test
  void emptyTextsAreRefusedByName() throws IOException {
    embed("", "--text", "one", "--text", " ").refused(1, "--text 2: the text is empty");
    Path file = Files.writeString(folder.resolve("empty.txt"), "\n");
    embed("", file).refused(1, file + ": the text is empty");
    embed("", "-").refused(1, "standard input: the text is empty");
    embed("one\n\ntwo\n", "--lines", "-").refused(1, "standard input, line 2: the text is empty");
  }

  @Test
  void filesThatAreNoTextAreRefusedByName() throws IOException {
    Path missing = folder.resolve("missing.txt");
    embed("", missing).refused(1, missing + ": no such file");
    embed("", folder).refused(1, folder + ": a folder, not a text file");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', 'b', (byte) 0xff});
    embed("", binary).refused(1, binary + ", byte 2: text must be UTF-8");
    Path cut = Files.write(folder.resolve("cut"), new byte[] {'a', (byte) 0xe2, (byte) 0x82});
    embed("", cut).refused(1, cut + ", byte 1: text must be UTF-8");
  }

  @Test
  void aMissingOutputFolderIsNamedBeforeAnyWork() {
    Path out = folder.resolve("missing/out.safetensors");
    CommandRun.of(folder, "embed", "--text", "one", "-o", out, "--model", "no/such/model")
        .refused(1, out + ": cannot write: folder " + out.getParent() + " does not exist");
  }

  @Test
  void nothingToEmbedIsBadUsage() {
    CommandRun.of(folder, "embed").refused(2, "what is to be embedded? Name files, or - or --text");
  }

  private static CommandRun embed(String standardInput, Object... args) {
    var words = new ArrayList<Object>(List.of("embed", "--model", model));
    words.addAll(List.of(args));
    var in = new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8));
    var cache = new ModelCache(Path.of("/no/such/cache"));
    return CommandRun.of(
        new Surroundings(cache, CommandRun.NO_PROGRAMS, false, in), words.toArray());
  }

  private static List<String> keys(Map<?, ?> object) {
    return object.keySet().stream().map(Object::toString).toList();
  }

  private static Map<?, ?> json(String line) {
    try {
      var bytes = line.strip().getBytes(StandardCharsets.UTF_8);
      return (Map<?, ?>) Json.parse(Path.of("output"), bytes);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private static float[] floats(Object list) {
    var values = (List<?>) list;
    var floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = ((Number) values.get(i)).floatValue();
    }
    return floats;
  }
}
