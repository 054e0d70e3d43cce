package io.github.starling.cli;

import io.github.starling.model.Json;
import io.github.starling.speech.Ending;
import io.github.starling.speech.Segment;
import io.github.starling.speech.Transcriber;
import io.github.starling.speech.Transcript;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints what was said in recordings.
 *
 * @param out takes the text
 * @param err takes what a person should know about it
 */
record TranscriptPrinter(PrintWriter out, PrintWriter err) {
  /** A piece of a recording and what was said in it. */
  record Part(Segment segment, Transcript transcript) {
    double start() {
      return segment.seconds();
    }

    double end() {
      return (double) segment.to() / Transcriber.RATE;
    }
  }

  /**
   * Prints the text of a recording on one line, whatever control characters are in it.
   *
   * @param isNamed whether the name stands before it
   */
  void print(Recording recording, List<Part> parts, boolean isNamed) {
    String text = text(parts).replaceAll("[\\s\\p{Cntrl}]+", " ");
    out.println((isNamed ? recording.name() + ": " : "") + text);
    out.flush();
    warn(recording, parts);
  }

  /**
   * Prints a line of JSON.
   *
   * @param seconds that the transcription took
   * @param audited queries of each head, 0 if none were
   */
  void printJson(Recording recording, List<Part> parts, double seconds, int audited) {
    var line = new LinkedHashMap<String, Object>();
    line.put("file", recording.name());
    line.put("seconds", recording.seconds());
    line.put("text", text(parts));
    line.put("real_time_factor", seconds / recording.seconds());
    line.put("segments", parts.stream().map(part -> json(part, audited)).toList());
    out.println(Json.write(line));
    out.flush();
    warn(recording, parts);
  }

  private static String text(List<Part> parts) {
    var texts = new ArrayList<String>();
    for (var part : parts) {
      if (!part.transcript.text().isBlank()) {
        texts.add(part.transcript.text().strip());
      }
    }
    return String.join(" ", texts);
  }

  private static Map<String, Object> json(Part part, int audited) {
    var transcript = part.transcript;
    var json = new LinkedHashMap<String, Object>();
    json.put("start", part.start());
    json.put("end", part.end());
    json.put("text", transcript.text());
    json.put("frames", transcript.frames());
    json.put("tokens", Arrays.stream(transcript.tokens()).boxed().toList());
    json.put("ending", transcript.ending().name().toLowerCase(Locale.ROOT));
    json.put("times", json(transcript.times()));
    if (audited > 0) {
      json.put("audit", AuditReport.json(audited, transcript.errors()));
    }
    return json;
  }

  private static Map<String, Object> json(Transcript.Times times) {
    var json = new LinkedHashMap<String, Object>();
    json.put("front_end", times.frontEnd());
    json.put("encoder", times.encoder());
    json.put("decoder", times.decoder());
    return json;
  }

  private void warn(Recording recording, List<Part> parts) {
    for (var part : parts) {
      if (part.transcript.ending() != Ending.COMPLETE) {
        err.printf(
            Locale.ROOT,
            "starling: %s, %.1f to %.1f s: %s; something may be missing%n",
            recording.name(),
            part.start(),
            part.end(),
            part.transcript.ending() == Ending.LOOP
                ? "the model began to repeat itself and was stopped"
                : "the text is as long as one of that time may be and was cut");
      }
    }
  }
}
