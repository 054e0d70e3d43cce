package io.github.starling.kernel;

import static io.github.starling.kernel.Lanes.LANES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TransposeTest {
  @Test
  void rowsBecomeColumnsAndNothingElseIsWritten() {
    int[][] placements = {{0, LANES, 0, LANES}, {3, LANES + 5, 7, LANES + 1}};
    for (int[] placement : placements) {
      int at = placement[0];
      int ldi = placement[1];
      int ot = placement[2];
      int ldo = placement[3];
      var in = new float[at + LANES * ldi + 4];
      for (int i = 0; i < in.length; i++) {
        in[i] = i + 0.5f;
      }
      var expected = new float[ot + LANES * ldo + 4];
      Arrays.fill(expected, -1);
      var out = expected.clone();
      for (int r = 0; r < LANES; r++) {
        for (int c = 0; c < LANES; c++) {
          expected[ot + c * ldo + r] = in[at + r * ldi + c];
        }
      }
      Transpose.block(in, at, ldi, out, ot, ldo, new float[LANES * LANES]);
      assertArrayEquals(expected, out);
    }
  }

  /** Shuffles move bits: the payload of a NaN and the sign of a zero arrive as they were. */
  @Test
  void everyBitPatternSurvives() {
    var in = new float[LANES * LANES];
    var expected = new int[LANES * LANES];
    for (int r = 0; r < LANES; r++) {
      for (int c = 0; c < LANES; c++) {
        int bits =
            switch ((r + c) % 3) {
              case 0 -> 0x7fc00000 + r * LANES + c;
              case 1 -> 0x80000000;
              default -> 0xff800000;
            };
        in[r * LANES + c] = Float.intBitsToFloat(bits);
        expected[c * LANES + r] = bits;
      }
    }
    var out = new float[LANES * LANES];
    Transpose.block(in, 0, LANES, out, 0, LANES, new float[LANES * LANES]);
    var bits = new int[LANES * LANES];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(out[i]));
    assertArrayEquals(expected, bits);
  }
}
