package io.github.starling.text;

import java.text.Normalizer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Lines that nobody wrote: every kind of character, well and badly mixed, from a seed. */
final class GeneratedText {
  private final SplittableRandom random;
  private final List<String> vocabulary;
  private final List<Supplier<String>> kinds;

  GeneratedText(long seed, List<String> vocabulary) {
    this.random = new SplittableRandom(seed);
    this.vocabulary = vocabulary;
    this.kinds =
        List.of(
            this::entries,
            this::gluedEntries,
            this::block,
            this::mixture,
            this::accents,
            this::ideographs,
            this::emoji,
            this::controls,
            this::surrogates,
            this::longWord,
            this::punctuation,
            this::spaces,
            this::marks,
            this::addedTokens,
            () -> "");
  }

  /** Returns the next line; the kinds take turns. */
  String line(int i) {
    return kinds.get(i % kinds.size()).get();
  }

  private String repeat(int atMost, Supplier<String> part) {
    var line = new StringBuilder();
    for (int n = random.nextInt(atMost + 1); n > 0; n--) {
      line.append(part.get());
    }
    return line.toString();
  }

  private String pick(String... parts) {
    return parts[random.nextInt(parts.length)];
  }

  private String between(int first, int last) {
    return Character.toString(random.nextInt(first, last + 1));
  }

  private String entry() {
    return vocabulary.get(random.nextInt(vocabulary.size()));
  }

  private String entries() {
    return repeat(20, () -> entry() + " ");
  }

  private String gluedEntries() {
    return repeat(20, () -> entry().replace("##", "") + pick("", "", " ", "-", "'"));
  }

  /** One block of 128 code points, so that neighbours are of one script. */
  private String block() {
    int start = random.nextInt(0x20000 >> 7) << 7;
    return repeat(30, () -> pick("", "", "", " ") + between(start, start + 127));
  }

  private String mixture() {
    return repeat(
        30,
        () ->
            pick(
                between('a', 'z'),
                between('A', 'Z'),
                between(0x80, 0x24F), // Latin
                between(0x370, 0x52F), // Greek, Cyrillic
                between(0x590, 0x6FF), // Hebrew, Arabic
                between(0x900, 0xDFF), // scripts of India
                between(0xE00, 0xEFF), // Thai, Lao
                between(0x1100, 0x11FF), // Hangul jamo
                between(0xAC00, 0xD7A3), // Hangul syllables
                between(0x3040, 0x30FF), // kana
                between(0x1E00, 0x1FFF), // composed Latin and Greek
                between(0, 0x10FFFF),
                " "));
  }

  private String accents() {
    String words =
        repeat(
            8,
            () ->
                pick("Ünïcödé ", "naïve ", "İSTANBUL ", "Žluťoučký ", "Tiếng Việt ", "ΣΊΣΥΦΟΣ ")
                    + pick("", between(0xC0, 0x17F)));
    return Normalizer.normalize(
        words, random.nextBoolean() ? Normalizer.Form.NFC : Normalizer.Form.NFD);
  }

  private String ideographs() {
    return repeat(
        20,
        () ->
            pick(
                between(0x4E00, 0x9FFF),
                between(0x3400, 0x4DBF),
                between(0x20000, 0x323AF),
                between(0xF900, 0xFAFF),
                between(0x2F800, 0x2FA1F),
                between(0x3000, 0x303F),
                "中文",
                "a"));
  }

  private String emoji() {
    return repeat(
        10,
        () ->
            pick(
                "👩‍👩‍👧‍👦",
                "🏳️‍🌈",
                "👍🏽",
                "🇨🇭",
                "❤️",
                "ok ",
                between(0x1F300, 0x1FAFF),
                between(0x2600, 0x27BF)));
  }

  private String controls() {
    return repeat(
        20,
        () ->
            pick(
                between(0, 0x1F),
                between(0x7F, 0x9F),
                between(0x200B, 0x200F),
                between(0x202A, 0x202E),
                between(0xE000, 0xE0FF),
                between(0xE0000, 0xE007F),
                "\uFEFF",
                "\uFFFD",
                "\u00AD",
                "word"));
  }

  private String surrogates() {
    return repeat(
        10,
        () ->
            pick(
                String.valueOf((char) random.nextInt(0xD800, 0xE000)),
                String.valueOf((char) random.nextInt(0xDC00, 0xE000)),
                "😀",
                "word",
                " "));
  }

  private String longWord() {
    String part = pick("a", "ab", "é", "𝒳", "the", "中", "\u0301", "x.");
    return "word " + part.repeat(random.nextInt(45, 210) / part.length()) + " word";
  }

  private String punctuation() {
    return repeat(
        30,
        () ->
            pick(
                between('!', '/'), between('[', '`'), between(0x2010, 0x205E), "¿", "。", "$", "—"));
  }

  private String spaces() {
    return repeat(
        20,
        () ->
            pick(
                " ",
                "\t",
                "\r\n",
                "\u000B",
                "\f",
                "\u0085",
                "\u00A0",
                "\u1680",
                "\u2028",
                "\u2029",
                "\u202F",
                "\u205F",
                "\u3000",
                between(0x2000, 0x200A),
                "in",
                "out"));
  }

  /** Combining marks of all classes after a letter: a test of canonical ordering. */
  private String marks() {
    return repeat(
        12,
        () ->
            pick(
                between('a', 'e'),
                between(0x300, 0x36F),
                between(0x8D3, 0x8FF),
                between(0x1DC0, 0x1DFF),
                between(0x1AB0, 0x1AFF),
                between(0x302A, 0x302F),
                between(0x1D165, 0x1D172),
                between(0x1E000, 0x1E02A),
                between(0x1E130, 0x1E136),
                between(0x1E8D0, 0x1E8D6),
                between(0x11930, 0x11943),
                "\u1B44",
                "\uA953",
                "\u0F73",
                "\u0344"));
  }

  private String addedTokens() {
    return repeat(
        12,
        () ->
            pick(
                "[MASK]", "[SEP]", "[CLS]", "[UNK]", "[PAD]", "[mask]", "[", "]", "MASK", " ",
                "x"));
  }
}
