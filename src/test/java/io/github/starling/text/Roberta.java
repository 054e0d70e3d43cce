package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tokenizer of RoBERTa's form and size, and its {@code tokenizer.json} for the oracle.
 *
 * <p>Tokens and merges are GPT-2's, which RoBERTa took over under other ids, from jtokkit's jar.
 */
public final class Roberta {
  private static final List<String> GPT2 = gpt2();

  /** Tokens in the order of ids: GPT-2's among RoBERTa's special ones. */
  public static final List<String> VOCABULARY = vocabulary(GPT2);

  public static final List<String> MERGES = merges(GPT2);

  private Roberta() {}

  /** Returns tokens among RoBERTa's special ones, with {@code <mask>} last. */
  static List<String> vocabulary(List<String> tokens) {
    var vocabulary = new ArrayList<>(List.of("<s>", "<pad>", "</s>", "<unk>"));
    vocabulary.addAll(tokens);
    vocabulary.add("<mask>");
    return vocabulary;
  }

  /** Returns GPT-2's tokens in the order of their ranks. */
  private static List<String> gpt2() {
    try (var in = Roberta.class.getResourceAsStream("/com/knuddels/jtokkit/r50k_base.tiktoken")) {
      var tokens = new ArrayList<String>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
        var token = new StringBuilder();
        for (byte b : Base64.getDecoder().decode(line.substring(0, line.indexOf(' ')))) {
          token.append(ByteAlphabet.charOf(b & 0xFF));
        }
        tokens.add(token.toString());
      }
      return tokens;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The two parts that a token has before its own merge are its merge. */
  private static List<String> merges(List<String> tokens) {
    var ranks = new HashMap<String, Integer>();
    tokens.forEach(token -> ranks.put(token, ranks.size()));
    var merges = new ArrayList<String>();
    for (String token : tokens.subList(256, tokens.size())) {
      var parts = new ArrayList<>(List.of(token.split("")));
      while (parts.size() > 2) {
        int best = bestPair(parts, ranks);
        parts.set(best, parts.get(best) + parts.remove(best + 1));
      }
      assertEquals(2, parts.size(), token);
      merges.add(String.join(" ", parts));
    }
    return merges;
  }

  private static int bestPair(List<String> parts, Map<String, Integer> ranks) {
    int best = 0;
    int bestRank = Integer.MAX_VALUE;
    for (int i = 0; i + 1 < parts.size(); i++) {
      int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
      if (rank < bestRank) {
        best = i;
        bestRank = rank;
      }
    }
    return best;
  }

  /** Returns the {@code tokenizer.json} of a vocabulary that has RoBERTa's special tokens. */
  public static JsonObject json(List<String> vocabulary, BytePairOptions options) {
    var ids = new JsonObject();
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.addProperty(vocabulary.get(id), id);
    }
    var merges = new JsonArray();
    options.merges().forEach(merges::add);
    var model = typed("BPE");
    model.add("unk_token", JsonNull.INSTANCE);
    model.addProperty("continuing_subword_prefix", "");
    model.addProperty("end_of_word_suffix", "");
    model.addProperty("fuse_unk", false);
    model.add("vocab", ids);
    model.add("merges", merges);

    var byteLevel = options.byteLevel();
    var splitter = typed("ByteLevel");
    splitter.addProperty("add_prefix_space", byteLevel.addPrefixSpace());
    splitter.addProperty("trim_offsets", true);
    splitter.addProperty("use_regex", byteLevel.useRegex());
    var frame = typed("RobertaProcessing");
    frame.add("sep", token("</s>", vocabulary));
    frame.add("cls", token("<s>", vocabulary));
    frame.addProperty("trim_offsets", byteLevel.trimOffsets());
    frame.addProperty("add_prefix_space", byteLevel.addPrefixSpace());

    var json = new JsonObject();
    json.addProperty("version", "1.0");
    json.add("added_tokens", HuggingFaceOracle.toJson(options.added(), vocabulary));
    json.add("normalizer", JsonNull.INSTANCE);
    json.add("pre_tokenizer", splitter);
    json.add("post_processor", frame);
    json.add("decoder", splitter);
    json.add("model", model);
    return json;
  }

  private static JsonObject typed(String type) {
    var json = new JsonObject();
    json.addProperty("type", type);
    return json;
  }

  private static JsonArray token(String token, List<String> vocabulary) {
    var pair = new JsonArray();
    pair.add(token);
    pair.add(vocabulary.indexOf(token));
    return pair;
  }
}
