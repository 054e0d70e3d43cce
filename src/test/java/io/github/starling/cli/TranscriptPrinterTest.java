package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.github.starling.attention.ErrorEstimate;
import io.github.starling.cli.TranscriptPrinter.Part;
import io.github.starling.speech.Ending;
import io.github.starling.speech.Segment;
import io.github.starling.speech.Transcript;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptPrinterTest {
  private static final Recording RECORDING = new Recording("a.wav", new float[64_000]);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final TranscriptPrinter printer =
      new TranscriptPrinter(new PrintWriter(out), new PrintWriter(err, true));

  private static Part part(int from, int to, String text, Ending ending) {
    var times = new Transcript.Times(0.25, 0.5, 1);
    return new Part(
        new Segment(from, to), new Transcript(text, new int[] {7, 9}, 3, ending, times, List.of()));
  }

  @Test
  void aCompleteTextIsALineAndNothingElse() {
    var parts =
        List.of(
            part(0, 16_000, "A bird\nsings\u001b[2J ", Ending.COMPLETE),
            part(16_000, 40_000, "  ", Ending.COMPLETE),
            part(40_000, 64_000, " \tand\r\n flies.", Ending.COMPLETE));
    printer.print(RECORDING, parts, false);
    printer.print(RECORDING, parts, true);
    assertEquals(
        List.of("A bird sings [2J and flies.", "a.wav: A bird sings [2J and flies."),
        out.toString().lines().toList());
    assertEquals("", err.toString());
  }

  @Test
  void everyPieceThatMayLackSomethingIsNamed() {
    var parts =
        List.of(
            part(0, 16_000, "a", Ending.COMPLETE),
            part(16_000, 40_000, "b", Ending.LOOP),
            part(40_000, 64_000, "c", Ending.LIMIT));
    printer.printJson(RECORDING, parts, 1, 0);
    var lines = err.toString().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("starling: a.wav, 1.0 to 2.5 s: the model began to repeat"));
    assertTrue(lines.get(1).startsWith("starling: a.wav, 2.5 to 4.0 s: the text is as long as"));
  }

  @Test
  void jsonHasTheTextsAsTheyAreAndTheTimes() {
    var part = part(16_000, 40_000, "a\nb ", Ending.LOOP);
    printer.printJson(RECORDING, List.of(part), 2, 0);
    assertEquals(
        """
        {"file":"a.wav","seconds":4.0,"text":"a\\nb","real_time_factor":0.5,"segments":[\
        {"start":1.0,"end":2.5,"text":"a\\nb ","frames":3,"tokens":[7,9],"ending":"loop",\
        "times":{"front_end":0.25,"encoder":0.5,"decoder":1.0}}]}
        """,
        out.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void jsonHasNoErrorWhereNoneCouldBeEstimated() {
    var errors = List.of(new ErrorEstimate(1, 4, Double.NaN, 0, 0));
    var times = new Transcript.Times(0, 0, 0);
    var transcript = new Transcript("a", new int[] {7}, 3, Ending.COMPLETE, times, errors);
    printer.printJson(RECORDING, List.of(new Part(new Segment(0, 64_000), transcript)), 1, 1);
    var json = JsonParser.parseString(out.toString()).getAsJsonObject();
    var segment = json.getAsJsonArray("segments").get(0).getAsJsonObject();
    assertEquals(
        "{\"queries\":1,\"layers\":[{\"error\":0.5,\"standard_error\":null}]}",
        segment.get("audit").toString());
  }
}
