package io.github.starling.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The code blocks of a Markdown page, each with the comment that stands right above it.
 *
 * @param blocks in the order of the page
 */
record Page(List<Block> blocks) {
  /**
   * A fenced block.
   *
   * @param line number of its fence, from 1
   * @param marker text of the HTML comment on the line above, or ""
   * @param language word after the fence
   * @param text its lines
   */
  record Block(int line, String marker, String language, List<String> text) {}

  static Page read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    var blocks = new ArrayList<Block>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("```")) {
        int end = i + 1;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        blocks.add(
            new Block(
                i + 1,
                i == 0 ? "" : comment(lines.get(i - 1)),
                lines.get(i).substring(3),
                lines.subList(i + 1, end)));
        i = end;
      }
    }
    return new Page(blocks);
  }

  private static String comment(String line) {
    return line.startsWith("<!-- ") && line.endsWith(" -->")
        ? line.substring(5, line.length() - 4)
        : "";
  }
}
