package io.github.starling.bench;

import static io.github.starling.bench.Page.format;
import static io.github.starling.bench.Page.time;

import io.github.starling.bench.Results.Figure;
import java.util.Optional;

/** The part of the report that is about speech; there is none where its data was missing. */
final class SpeechReport {
  private static final String TRANSCRIBE = "TranscribeBenchmark.";
  private static final String ENCODER = "SpeechEncoderBenchmark.starling";
  private static final String ATTENTION = "SpeechAttentionBenchmark.starling";

  private final Results results;
  private final Page page;

  private SpeechReport(Results results, Page page) {
    this.results = results;
    this.page = page;
  }

  static void write(Results results, Page page) {
    var report = new SpeechReport(results, page);
    if (report.isMeasured()) {
      page.say("## Speech");
      page.say("");
      report.writeTranscription();
      report.writeEncoder();
      report.writeAttention();
    }
  }

  private boolean isMeasured() {
    return !results.of(TRANSCRIBE + "starling").isEmpty()
        || !results.of(ENCODER).isEmpty()
        || !results.of(ATTENTION).isEmpty();
  }

  private void writeTranscription() {
    page.say(
        "Samples to text by Moonshine, recordings of English speech one by one: Starling with");
    page.say(
        "the published 8-bit weights, which it multiplies in float32, and ONNX Runtime with the");
    page.say("published graphs, which compute with 8 bits. The transcripts differ by some words;");
    page.say(
        "counted are the fewest to substitute, insert and delete, without case and punctuation.");
    page.say(
        "The model was made for clips of up to 30 seconds: in longer ones it may skip a sentence,");
    page.say(
        "and not the same one with another attention. Ratios above 1 say that Starling is faster,");
    page.say("the second by the time that all threads ran on processors.");
    page.say("");
    page.row(
        "model",
        "sound",
        "threads",
        "attention",
        "Starling",
        "front end + encoder + decoder",
        "sound a second",
        "ONNX Runtime",
        "encoder + decoder",
        "ratio",
        "by processor time",
        "words that differ");
    page.row(
        "---", "---:", "---:", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:",
        "---:");
    results.of(TRANSCRIBE + "starling").forEach(this::writeTranscription);
    page.say("");
  }

  private void writeTranscription(Figure f) {
    var p = f.parameters();
    var peer =
        results.find(
            TRANSCRIBE + "onnxRuntime",
            "model",
            p.get("model"),
            "clips",
            p.get("clips"),
            "threads",
            p.get("threads"));
    page.row(
        p.get("model"),
        format("%.0f s", f.facts().get("seconds")),
        p.get("threads"),
        p.get("attention"),
        time(f),
        parts(f, "front end", "encoder", "decoder"),
        format("%.1f s", f.facts().get("seconds") / f.nanos() * 1e9),
        peer.map(Page::time).orElse(""),
        peer.map(o -> parts(o, "encoder", "decoder")).orElse(""),
        peer.map(o -> format("%.2f ×", o.nanos() / f.nanos())).orElse(""),
        peer.map(o -> format("%.2f ×", processor(o) / processor(f))).orElse(""),
        format("%.0f of %.0f", f.facts().get("differing words"), f.facts().get("words")));
  }

  private static String parts(Figure figure, String... names) {
    var parts = new StringBuilder();
    for (String name : names) {
      parts.append(parts.isEmpty() ? "" : " + ");
      parts.append(format("%.0f", figure.facts().get("part " + name) * 1e-6));
    }
    return parts + " ms";
  }

  private static double processor(Figure figure) {
    return figure.facts().get("processor");
  }

  private void writeEncoder() {
    page.say(
        "The encoder alone, which hears a recording in one piece; clips are joined and repeated"
            + " to");
    page.say(
        "its length. The error is that of the attention of its worst layer, estimated from 8"
            + " exact");
    page.say("queries of each head. Memory is the most that the process had.");
    page.say("");
    page.row(
        "model",
        "sound",
        "frames",
        "threads",
        "attention",
        "time",
        "a second of sound",
        "memory",
        "error",
        "worst layer");
    page.row("---", "---:", "---:", "---:", "---", "---:", "---:", "---:", "---:", "---:");
    for (var f : results.of(ENCODER)) {
      double resident = f.facts().get("resident");
      page.row(
          f.parameters().get("model"),
          format("%,d s", f.number("seconds")),
          format("%,.0f", f.facts().get("frames")),
          f.parameters().get("threads"),
          f.parameters().get("attention"),
          time(f),
          time(f.nanos() / f.number("seconds")),
          resident > 0 ? format("%.0f MB", resident / 1e6) : "",
          error(f, "error"),
          error(f, "worst error"));
    }
    page.say("");
  }

  private void writeAttention() {
    page.say(
        "Attention of all heads of the encoder's middle layer, which heard a piece with exact");
    page.say(
        "attention, on one thread. Improved clustered attention has 32 top keys, refined its"
            + " usual");
    page.say(
        "settings for queries and keys that turn with their positions, or 40 clusters, 112 exact");
    page.say(
        "keys and a window of 16, which kept the words of clips of 50 s. The error is that of all");
    page.say("heads together, over 256 queries of each.");
    page.say("");
    page.row("sound", "frames", "attention", "time", "a query of a head", "against exact", "error");
    page.row("---:", "---:", "---", "---:", "---:", "---:", "---:");
    for (var f : results.of(ATTENTION)) {
      page.row(
          format("%,d s", f.number("seconds")),
          format("%,.0f", f.facts().get("frames")),
          f.parameters().get("attention"),
          time(f),
          format("%.0f ns", f.nanos() / f.facts().get("frames") / f.facts().get("heads")),
          exact(f).map(e -> format("%.1f ×", e.nanos() / f.nanos())).orElse(""),
          error(f, "error"));
    }
    page.say("");
  }

  private Optional<Figure> exact(Figure f) {
    return results.find(ATTENTION, "seconds", f.parameters().get("seconds"), "attention", "exact");
  }

  private static String error(Figure figure, String fact) {
    return figure.parameters().get("attention").equals("exact")
        ? ""
        : format("%.3f", figure.facts().get(fact));
  }
}
