package io.github.starling.model;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFuzz {
  @TempDir Path folder;

  @Test
  void mutatedFilesAreReadOrRefused() throws Exception {
    var data = MemorySegment.ofArray(new byte[24]);
    Path valid = folder.resolve("valid.safetensors");
    SafetensorsWriter.write(
        valid,
        Map.of("format", "pt", "é", "\"\n"),
        List.of(
            SafetensorsWriter.Part.of("first", DType.F32, data, 2, 3),
            SafetensorsWriter.Part.of("empty", DType.F16, data.asSlice(0, 0), 0, 7),
            SafetensorsWriter.Part.of("second", DType.I64, data, 3)));
    Fuzzing.run(
        folder.resolve("mutated.safetensors"),
        Fuzzing.mutationsOf(Files.readAllBytes(valid)),
        (file, arena) -> {
          var read = Safetensors.open(file, arena);
          for (String name : read.names()) {
            Fuzzing.touch(read.tensor(name).data());
          }
        });
  }
}
