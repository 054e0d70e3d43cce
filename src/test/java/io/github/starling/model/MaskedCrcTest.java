package io.github.starling.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskedCrcTest {
  @Test
  void theCheckValueOfCrc32cIsMasked() {
    // CRC-32C("123456789") = e3069283, RFC 3720's polynomial; rotated by 15 and a282ead8 added
    byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);
    int rotated = 0xe3069283 >>> 15 | 0xe3069283 << 17;
    assertEquals(rotated + 0xa282ead8, MaskedCrc.of(MemorySegment.ofArray(bytes)));
  }

  @Test
  void chunksDoNotShow() {
    for (int size : new int[] {0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (2 << 20) + 5}) {
      var bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      int expected = BundleBuilder.masked(bytes);
      assertEquals(expected, MaskedCrc.of(MemorySegment.ofArray(bytes)), "size " + size);
    }
  }
}
