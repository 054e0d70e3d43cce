package io.github.starling.encoder;

import io.github.starling.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts of many kinds and lengths, the same in every run. */
final class VariedTexts {
  private static final List<String> FIXED =
      List.of(
          "",
          " ",
          "\n\n",
          "a",
          "[MASK]",
          "The capital of France is Paris.",
          "ÀÉÎÕÜ naïve café, Straße, Łódź, İstanbul — “quoted”…",
          "机器学习 很有趣。日本語のテキスト、한국어 문장",
          "🦅 starlings 🐦‍⬛ murmurate 👩‍👩‍👧 at dusk 🌆!!",
          "first line\n\n\nsecond line\r\n\t\tthird",
          "مرحبا بالعالم שלום עולם नमस्ते दुनिया สวัสดี",
          "x".repeat(150) + " antidisestablishmentarianism",
          "e = mc² ∑∫√ ½ ① ﬁ ﬂ № ℃ \u0000\u200b\ufeff",
          "https://example.org/a/b?c=d&e=f#g user@example.org 3.14159 1,000,000");

  private static final String[] WORDS =
      ("the of and to in starling flock attention cluster river mountain computes unbelievably"
              + " quantum café Zürich façade señor déjà-vu 東京 大学 鳥 がく 한국 Ω≈ç √2 🙂 🦅 🐦 Москва"
              + " Αθήνα القاهرة don't U.S.A. e-mail 1984 3.5% (brackets) \"quoted\" # @ $ % & *"
              + " semi;colon electroencephalography zxqv \n \n\n \t")
          .split(" ");

  private VariedTexts() {}

  /** Returns texts of 2 to 512 tokens, lengths spread evenly over their logarithms. */
  static List<String> make(int count, Tokenizer tokenizer) {
    var random = new Random(20);
    var texts = new ArrayList<>(FIXED);
    texts.add("bird ".repeat(510)); // exactly 512
    while (texts.size() < count) {
      int words = (int) Math.exp(random.nextDouble() * Math.log(400));
      var text = new StringBuilder();
      for (int i = 0; i < words; i++) {
        String word = WORDS[random.nextInt(WORDS.length)];
        if (tokenizer.encode(text + word).length > 512) {
          break;
        }
        text.append(word).append(' ');
      }
      texts.add(text.toString());
    }
    return texts;
  }
}
