package io.github.starling.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Turns tokens of a SentencePiece vocabulary back into text.
 *
 * <p>Kudo, Richardson, arXiv:1808.06226 §3.2: U+2581 stands for a space, of which one at the
 * beginning is dropped; pieces such as {@code <0x0A>} are single bytes of UTF-8, invalid ones of
 * which become U+FFFD.
 */
public final class PieceDecoder {
  private static final char SPACE = '\u2581';

  private final byte[][] pieces;

  /**
   * Takes the vocabulary.
   *
   * @param pieces by their ids
   * @param special how many of the first ids stand for no text
   */
  public PieceDecoder(List<String> pieces, int special) {
    this.pieces = new byte[pieces.size()][];
    for (int id = 0; id < this.pieces.length; id++) {
      this.pieces[id] = id < special ? new byte[0] : bytes(pieces.get(id));
    }
  }

  private static byte[] bytes(String piece) {
    if (piece.matches("<0x[0-9A-F]{2}>")) {
      return new byte[] {(byte) Integer.parseInt(piece.substring(3, 5), 16)};
    }
    return piece.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the text of tokens; ids beyond the vocabulary stand for nothing.
   *
   * @param ids ≥ 0
   */
  public String decode(int[] ids) {
    var bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      if (id < pieces.length) {
        bytes.writeBytes(pieces[id]);
      }
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    return text.startsWith(" ") ? text.substring(1) : text;
  }
}
