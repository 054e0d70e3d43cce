package io.github.starling.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Reads a byte-pair tokenizer from {@code vocab.json} and {@code merges.txt}, as GPT-2 came with.
 *
 * <p>What {@code tokenizer_config.json} does not say is as in RoBERTa; Hugging Face's reader does
 * the same.
 */
final class MergesFile {
  private MergesFile() {}

  /**
   * Reads a tokenizer.
   *
   * @param folder where the files are; {@code tokenizer_config.json} need not be
   * @throws FormatException if a file is damaged or of another kind of tokenizer
   * @throws IOException if the vocabulary or the merges cannot be read
   */
  static TokenizerConfig read(Path folder) throws IOException {
    var config = VocabularyFile.config(folder.resolve("tokenizer_config.json"), "Roberta");
    var entries = JsonObject.read(folder.resolve("vocab.json"));
    var vocabulary = TokenizerJson.vocabulary(entries, List.of());
    var added = new ArrayList<TokenizerConfig.Added>();
    String classification = add(config, "cls_token", "<s>", added);
    String padding = add(config, "pad_token", "<pad>", added);
    String separator = add(config, "sep_token", "</s>", added);
    add(config, "unk_token", "<unk>", added);
    String mask = add(config, "mask_token", "<mask>", added);
    TokenizerJson.requireTokens(entries, vocabulary, classification, separator);
    added.removeIf(token -> !vocabulary.contains(token.content()));
    return new TokenizerConfig.BytePair(
        vocabulary,
        merges(folder.resolve("merges.txt"), vocabulary),
        null,
        classification,
        separator,
        2,
        TokenizerJson.first(vocabulary, padding),
        TokenizerJson.first(vocabulary, mask),
        added,
        config.flag("add_prefix_space", false),
        true,
        config.flag("trim_offsets", true));
  }

  /** Adds a special token, and returns its content. */
  private static String add(
      JsonObject config, String name, String otherwise, List<TokenizerConfig.Added> added)
      throws FormatException {
    String content = VocabularyFile.token(config, name, otherwise);
    added.add(
        config.isObject(name)
            ? TokenizerJson.added(config.object(name))
            : new TokenizerConfig.Added(content, false, name.equals("mask_token"), false, false));
    return content;
  }

  /** Reads one merge a line, left and right with a space between, below a line with a version. */
  private static List<String> merges(Path path, List<String> vocabulary) throws IOException {
    var tokens = new HashSet<>(vocabulary);
    byte[] text = Json.bytes(path);
    var merges = new ArrayList<String>();
    for (int from = 0, to; from < text.length; from = to + 1) {
      to = from;
      while (to < text.length && text[to] != '\n') {
        to++;
      }
      String line = new String(text, from, to - from, StandardCharsets.UTF_8).stripTrailing();
      if (BytePairJson.isMerge(line, tokens)) {
        merges.add(line);
      } else if (!line.startsWith("#version")) {
        throw new FormatException(
            path,
            from,
            "a merge must be two tokens that make a third but is " + Json.describe(line));
      }
    }
    return merges;
  }
}
