package io.github.starling.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The byte-pair vocabulary that llama-tokenizer-js carries in its source.
 *
 * <p>Two string literals in base64: the pieces in the order of their ids with line ends between,
 * then the merges, each two little-endian 16-bit ids. Bundlers rename the variables, so that the
 * first literal is known by how it begins.
 *
 * @param pieces the vocabulary
 * @param merges left and right piece with a space between, in the order in which they merge
 */
record PieceLiterals(List<String> pieces, List<String> merges) {
  /** As every vocabulary of SentencePiece with bytes begins; 21 bytes make 28 whole digits. */
  private static final byte[] BEGINNING =
      Base64.getEncoder().encode("<unk>\n<s>\n</s>\n<0x00>".getBytes(StandardCharsets.US_ASCII));

  /** Characters between the literals; there is a declaration and white space. */
  private static final int MAX_GAP = 256;

  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

  /**
   * Reads a script.
   *
   * @return null if it has no such literals
   * @throws FormatException if they are damaged
   * @throws IOException if it cannot be read
   */
  static PieceLiterals read(Path script) throws IOException {
    byte[] text = Json.bytes(script);
    int vocabulary = indexOf(text, BEGINNING);
    if (vocabulary < 0) {
      return null;
    }
    int end = endOfDigits(text, vocabulary);
    int merges = nextLiteral(text, end);
    if (merges < 0) {
      throw new FormatException(script, end, "no merges follow the pieces of the vocabulary");
    }
    byte[] lines = decode(script, text, vocabulary, end);
    // split without a limit would lose an empty last piece
    var pieces = List.of(new String(lines, StandardCharsets.UTF_8).split("\n", -1));
    byte[] pairs = decode(script, text, merges, endOfDigits(text, merges));
    return new PieceLiterals(pieces, merges(script, merges, pieces, pairs));
  }

  private static int indexOf(byte[] text, byte[] wanted) {
    for (int at = 0; at + wanted.length <= text.length; at++) {
      if (Arrays.equals(text, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isDigit(byte[] text, int at) {
    return at < text.length && DIGITS.indexOf(text[at]) >= 0;
  }

  private static int endOfDigits(byte[] text, int begin) {
    int end = begin;
    while (isDigit(text, end)) {
      end++;
    }
    return end;
  }

  /** Returns where the content of the next string literal begins, or −1 if none is near. */
  private static int nextLiteral(byte[] text, int end) {
    // the quote at the end itself closes the literal before
    for (int at = end + 1; at < Math.min(end + MAX_GAP, text.length); at++) {
      boolean isQuote = text[at] == '"' || text[at] == '\'' || text[at] == '`';
      if (isQuote && isDigit(text, at + 1)) {
        return at + 1;
      }
    }
    return -1;
  }

  private static byte[] decode(Path script, byte[] text, int begin, int end)
      throws FormatException {
    try {
      return Base64.getDecoder().decode(Arrays.copyOfRange(text, begin, end));
    } catch (IllegalArgumentException e) {
      throw new FormatException(script, begin, "damaged base64: " + e.getMessage());
    }
  }

  private static List<String> merges(Path script, int at, List<String> pieces, byte[] pairs)
      throws FormatException {
    if (pairs.length % (2 * Short.BYTES) != 0) {
      throw new FormatException(
          script, at, "merges take 4 bytes each but there are " + pairs.length);
    }
    var ids = ByteBuffer.wrap(pairs).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    var merges = new ArrayList<String>(pairs.length / 4);
    Set<String> known = new HashSet<>(pieces);
    while (ids.hasRemaining()) {
      int left = Short.toUnsignedInt(ids.get());
      int right = Short.toUnsignedInt(ids.get());
      boolean isKnown = Math.max(left, right) < pieces.size();
      String merge = isKnown ? pieces.get(left) + " " + pieces.get(right) : "";
      if (!BytePairJson.isMerge(merge, known)) {
        throw new FormatException(
            script,
            at,
            "merge %d must be two pieces that make a third but is of %d and %d"
                .formatted(merges.size(), left, right));
      }
      merges.add(merge);
    }
    return merges;
  }
}
