package io.github.starling.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoonshineFuzz {
  private static final byte[] ENCODER = new TinyMoonshine().encoder();
  private static final byte[] DECODER = new TinyMoonshine().decoder();

  @TempDir Path folder;

  @Test
  void mutatedEncodersAreReadOrRefused() throws Exception {
    var decoder = open(DECODER);
    Fuzzing.run(
        folder.resolve("mutated.onnx"),
        Fuzzing.mutationsOf(ENCODER, DECODER),
        (file, arena) -> touch(OnnxFile.open(file, arena), decoder, arena));
  }

  @Test
  void mutatedDecodersAreReadOrRefused() throws Exception {
    var encoder = open(ENCODER);
    Fuzzing.run(
        folder.resolve("mutated.onnx"),
        Fuzzing.mutationsOf(DECODER, ENCODER),
        (file, arena) -> touch(encoder, OnnxFile.open(file, arena), arena));
  }

  /** Opens the graph that is not damaged; what that takes is not counted. */
  private OnnxFile open(byte[] graph) throws IOException {
    return OnnxFile.open(Files.write(folder.resolve("whole.onnx"), graph), Arena.ofAuto());
  }

  private static void touch(OnnxFile encoder, OnnxFile decoder, Arena arena) throws IOException {
    for (var part : new MoonshineGraph(encoder, decoder).parts()) {
      Fuzzing.touch(part.content().elements(arena));
    }
  }
}
