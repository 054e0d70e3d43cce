package io.github.starling.cli;

import io.github.starling.encoder.Embedding;
import io.github.starling.model.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Prints embeddings, one line each.
 *
 * @param out where to
 * @param json whether a program reads them
 */
record EmbeddingPrinter(PrintWriter out, boolean json) {
  private static final int SHOWN_CHARACTERS = 40;
  private static final int SHOWN_VALUES = 4;

  /**
   * Prints an embedding.
   *
   * @param audit what an audit found, for JSON, or null
   */
  void print(TextSource source, Embedding embedding, Map<String, Object> audit) {
    String line = json ? json(source, embedding, audit) : summary(source, embedding);
    out.println(line);
  }

  private static String json(TextSource source, Embedding embedding, Map<String, Object> audit) {
    var line = new LinkedHashMap<String, Object>();
    line.put(source.isFile() ? "file" : "text", source.isFile() ? source.place() : source.text());
    line.put("tokens", embedding.tokens());
    line.put("usedTokens", embedding.usedTokens());
    line.put("embedding", embedding.vector());
    if (audit != null) {
      line.put("audit", audit);
    }
    return Json.write(line);
  }

  private static String summary(TextSource source, Embedding embedding) {
    String name = source.isFile() ? source.place() : source.text().strip().replaceAll("\\s+", " ");
    if (name.codePointCount(0, name.length()) > SHOWN_CHARACTERS) {
      name = name.substring(0, name.offsetByCodePoints(0, SHOWN_CHARACTERS - 1)) + "…";
    }
    float[] vector = embedding.vector();
    var values = new StringBuilder();
    for (int i = 0; i < Math.min(SHOWN_VALUES, vector.length); i++) {
      values.append(String.format(Locale.ROOT, "%7.4f ", vector[i]));
    }
    return "%-40s %6d tokens  [%s… %d values]"
        .formatted(name, embedding.tokens(), values, vector.length);
  }
}
