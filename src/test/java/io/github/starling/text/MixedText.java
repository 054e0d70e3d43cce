package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** Lines that people wrote, and as many that nobody did. */
final class MixedText {
  private MixedText() {}

  static List<String> lines(int count, List<String> vocabulary, long seed) throws Exception {
    var lines = new ArrayList<String>(RealText.ofLocales());
    assertTrue(lines.size() > 500, "the JDK should have its locales");
    lines.addAll(RealText.ofRepository());
    lines.subList(Math.min(lines.size(), count / 2), lines.size()).clear();
    var generated = new GeneratedText(seed, vocabulary);
    for (int i = 0; lines.size() < count; i++) {
      lines.add(generated.line(i));
    }
    return lines;
  }

  /** Returns a text as a Java source would write it in ASCII, for messages. */
  static String escape(String text) {
    var escaped = new StringBuilder();
    text.chars().forEach(c -> escaped.append("\\u%04X".formatted(c)));
    return escaped.toString();
  }
}
