package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
  private static final Path HOME = Path.of("/home/ada");

  @TempDir Path folder;

  @Test
  void starlingHomeComesFirst() {
    var both = Map.of("STARLING_HOME", "/models of ada", "XDG_CACHE_HOME", "/cache");
    assertEquals(Path.of("/models of ada"), ModelCache.of(both, "Linux", HOME).folder());
  }

  @Test
  void theDesktopsCacheFolderComesSecond() {
    var environment = Map.of("STARLING_HOME", "", "XDG_CACHE_HOME", "/cache");
    assertEquals(Path.of("/cache/starling"), ModelCache.of(environment, "Linux", HOME).folder());
  }

  @Test
  void otherwiseItIsWhereTheSystemKeepsCaches() {
    assertEquals(
        Path.of("/home/ada/.cache/starling"), ModelCache.of(Map.of(), "Linux", HOME).folder());
    assertEquals(
        Path.of("/home/ada/Library/Caches/starling"),
        ModelCache.of(Map.of(), "Mac OS X", HOME).folder());
  }

  @Test
  void anAbsentCacheHasNoModels() throws IOException {
    assertEquals(List.of(), new ModelCache(folder.resolve("absent")).list());
  }

  @Test
  void aModelThatIsBeingWrittenIsNotListed() throws IOException {
    var cache = new ModelCache(folder);
    Files.createDirectories(cache.model("tiny"));
    Files.createDirectories(cache.model(".tiny.123.tmp"));
    Files.writeString(cache.models().resolve("notes.txt"), "not a model");
    assertEquals(List.of(cache.model("tiny")), cache.list());
  }

  @Test
  void modelsAreListedWithTheirSizesAndFolders() throws IOException {
    var cache = new ModelCache(folder);
    Path tiny = Files.createDirectories(cache.model("tiny"));
    Files.write(tiny.resolve("model.safetensors"), new byte[1_500_000]);
    var run = CommandRun.of(folder, "models");
    assertEquals("tiny                         1.5 MB  " + tiny, run.out().strip());
  }
}
