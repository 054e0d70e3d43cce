package io.github.starling.model;

import java.util.List;

/**
 * Reads from {@code tokenizer.json} what stands around the tokens of a text, or of a pair of texts.
 *
 * @param open token that opens a sequence
 * @param close token that closes it
 * @param between how many {@code close} tokens stand between the texts of a pair
 */
record FrameJson(String open, String close, int between) {
  /**
   * Reads a {@code post_processor}.
   *
   * @throws FormatException if it is damaged, or a template of another form
   */
  static FrameJson read(JsonObject processor, List<String> vocabulary) throws FormatException {
    String type = processor.string("type");
    var frame =
        type.equals("TemplateProcessing")
            ? template(processor)
            : new FrameJson(
                token(processor, "cls", vocabulary),
                token(processor, "sep", vocabulary),
                type.equals("RobertaProcessing") ? 2 : 1);
    TokenizerJson.requireTokens(processor, vocabulary, frame.open(), frame.close());
    return frame;
  }

  private static String token(JsonObject processor, String member, List<String> vocabulary)
      throws FormatException {
    var pair = processor.array(member);
    if (pair.size() == 2
        && pair.getFirst() instanceof String token
        && pair.getLast() instanceof Long id
        && id == vocabulary.indexOf(token)) {
      return token;
    }
    throw processor.error("post_processor.%s must be a token and its id".formatted(member));
  }

  private static FrameJson template(JsonObject processor) throws FormatException {
    var single = processor.objects("single");
    boolean isFramed =
        single.size() == 3
            && single.get(0).has("SpecialToken")
            && single.get(1).has("Sequence")
            && single.get(2).has("SpecialToken");
    if (!isFramed) {
      throw processor.error("post_processor.single must be one token, the sequence, one token");
    }
    return new FrameJson(
        single.getFirst().object("SpecialToken").string("id"),
        single.getLast().object("SpecialToken").string("id"),
        processor.has("pair") ? between(processor.objects("pair")) : 1);
  }

  /** Counts what stands between the sequences; 1 as in BERT where the author left pairs out. */
  private static int between(List<JsonObject> pair) {
    int tokens = 0;
    for (int sequences = 0, i = 0; sequences < 2 && i < pair.size(); i++) {
      if (pair.get(i).has("Sequence")) {
        sequences++;
      } else if (sequences == 1) {
        tokens++;
      }
    }
    return Math.max(1, tokens);
  }
}
