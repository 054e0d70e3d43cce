package io.github.starling.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads byte-level byte-pair encoding from Hugging Face's {@code tokenizer.json}. */
final class BytePairJson {
  private BytePairJson() {}

  /**
   * Reads the rest of a file.
   *
   * @param json the file
   * @param vocabulary its tokens, added ones too
   * @param added its added tokens
   * @throws FormatException if it asks for something that is not supported
   */
  static TokenizerConfig read(
      JsonObject json, List<String> vocabulary, List<TokenizerConfig.Added> added)
      throws FormatException {
    var model = json.object("model");
    requirePlain(model);
    if (json.has("normalizer")) {
      throw json.error("a normalizer is not supported with BPE: null is");
    }
    var byteLevel = json.object("pre_tokenizer");
    TokenizerJson.requireType(byteLevel, "ByteLevel");
    boolean addPrefixSpace = byteLevel.flag("add_prefix_space", true);
    var processor = json.object("post_processor");
    TokenizerJson.requireType(
        processor, "RobertaProcessing", "TemplateProcessing", "BertProcessing");
    boolean trims =
        processor.string("type").equals("RobertaProcessing")
            && processor.flag("trim_offsets", true);
    if (trims && processor.flag("add_prefix_space", true) != addPrefixSpace) {
      throw processor.error("post_processor.add_prefix_space must be that of pre_tokenizer");
    }
    var frame = FrameJson.read(processor, vocabulary);
    String unknown = model.has("unk_token") ? model.string("unk_token") : null;
    if (unknown != null) {
      TokenizerJson.requireTokens(json, vocabulary, unknown);
    }
    return new TokenizerConfig.BytePair(
        vocabulary,
        merges(model, vocabulary),
        unknown,
        frame.open(),
        frame.close(),
        frame.between(),
        TokenizerJson.first(vocabulary, "<pad>", "[PAD]"),
        TokenizerJson.first(vocabulary, "<mask>", "[MASK]"),
        added,
        addPrefixSpace,
        byteLevel.flag("use_regex", true),
        trims);
  }

  /** Checks that the model is byte pairs and nothing more. */
  private static void requirePlain(JsonObject model) throws FormatException {
    for (String member : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      if (model.has(member) && !model.string(member).isEmpty()) {
        throw model.error("model.%s is not supported: null is".formatted(member));
      }
    }
    for (String member : List.of("fuse_unk", "byte_fallback", "ignore_merges")) {
      if (model.flag(member, false)) {
        throw model.error("model.%s is not supported: false is".formatted(member));
      }
    }
    if (model.has("dropout")) {
      throw model.error("model.dropout is not supported: null is");
    }
  }

  /** A merge is "left right" in older files and ["left", "right"] in newer ones. */
  private static List<String> merges(JsonObject model, List<String> vocabulary)
      throws FormatException {
    var tokens = new HashSet<>(vocabulary);
    var merges = new ArrayList<String>();
    for (Object item : model.array("merges")) {
      String merge =
          switch (item) {
            case String s -> s;
            case List<?> pair
                when pair.size() == 2
                    && pair.getFirst() instanceof String left
                    && pair.getLast() instanceof String right ->
                left + " " + right;
            case null, default -> "";
          };
      if (isMerge(merge, tokens)) {
        merges.add(merge);
      } else if (!merge.startsWith("#version")) {
        throw model.error(
            "model.merges[%d] must be two tokens that make a third but is %s"
                .formatted(merges.size(), Json.describe(item)));
      }
    }
    return merges;
  }

  /** Tells whether a merge is two tokens, with a space between, that make a third. */
  static boolean isMerge(String merge, Set<String> tokens) {
    int space = merge.indexOf(' ');
    return space >= 0
        && tokens.contains(merge.substring(0, space))
        && tokens.contains(merge.substring(space + 1))
        && tokens.contains(merge.substring(0, space) + merge.substring(space + 1));
  }
}
