package io.github.starling.cli;

import io.github.starling.attention.RefinedOptions;
import io.github.starling.cli.TranscriptPrinter.Part;
import io.github.starling.speech.Segment;
import io.github.starling.speech.Transcriber;
import io.github.starling.speech.TranscriberOptions;
import io.github.starling.transformer.AttentionObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Turns speech into text. */
@Command(
    name = "transcribe",
    sortOptions = false,
    description = {
      "Turns English speech into text. The usual model is " + RemoteModel.SPEECH_NAME + ".",
      ""
    },
    footer = {"", "Example: starling transcribe talk.wav"})
final class TranscribeCommand implements Callable<Integer> {
  @ParentCommand private StarlingCommand starling;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "WAV or AIFF files of any rate and channels; - is the standard input.")
  private List<String> files = List.of();

  @Option(
      names = "--segment",
      paramLabel = "HOW",
      converter = SegmentLimit.Converter.class,
      description =
          "auto: cut in pauses into at most 30 seconds, the default; none: hear each file in one"
              + " piece; or the most seconds of a piece.")
  private SegmentLimit limit = new SegmentLimit.Converter().convert(SegmentLimit.AUTO);

  @Option(
      names = "--rate",
      paramLabel = "HZ",
      description =
          "The standard input has raw samples, mono, 16 bits, little-endian, so many a second.")
  private Integer rate;

  @Option(
      names = "--json",
      description =
          "Print a line of JSON for each file: file, seconds, text, real_time_factor and segments,"
              + " each with its times, tokens and ending.")
  private boolean json;

  @Mixin private AuditOption audit;

  @Mixin private AttentionChoice attention;

  @Override
  public Integer call() throws IOException {
    checkUsage();
    var input = starling.surroundings().standardInput();
    var first = Recording.read(files.getFirst(), rate, input); // a bad one needs no model
    Path folder = starling.modelFolder(RemoteModel.SPEECH_NAME, spec.commandLine().getErr());
    var options =
        TranscriberOptions.defaults()
            .withThreads(starling.threads())
            .withAuditedQueries(audit.queries());
    try (var transcriber = Transcriber.open(folder, options)) {
      transcribe(transcriber, first);
      for (String file : files.subList(1, files.size())) {
        transcribe(transcriber, Recording.read(file, rate, input));
      }
    }
    return 0;
  }

  private void checkUsage() {
    audit.check(json);
    if (rate != null && !files.equals(List.of(Recording.STANDARD_INPUT))) {
      throw new ParameterException(
          spec.commandLine(), "--rate is for raw samples on the standard input: name - alone");
    }
    if (files.stream().filter(Recording.STANDARD_INPUT::equals).count() > 1) {
      throw new ParameterException(spec.commandLine(), "the standard input can be read only once");
    }
    attention.make(); // says what is wrong with its options
  }

  private void transcribe(Transcriber transcriber, Recording recording) {
    long start = System.nanoTime();
    var segments = recording.segments(limit.samples());
    int longest = segments.stream().mapToInt(Segment::length).max().orElse(0);
    var kind = attention.make(RefinedOptions.usualRotary(Transcriber.frames(longest)));
    var parts = new ArrayList<Part>();
    try (var progress =
        Progress.start(
            starling.surroundings(), recording.name(), (long) recording.seconds(), "s")) {
      for (int from = 0; from < segments.size(); from += Transcriber.SIDE_BY_SIDE) {
        var batch =
            segments.subList(from, Math.min(from + Transcriber.SIDE_BY_SIDE, segments.size()));
        var clips = batch.stream().map(segment -> samples(recording, segment)).toList();
        var transcripts = transcriber.transcribe(clips, kind, AttentionObserver.NONE);
        for (int i = 0; i < batch.size(); i++) {
          parts.add(new Part(batch.get(i), transcripts.get(i)));
        }
        progress.at(batch.getLast().to() / Transcriber.RATE);
      }
    }
    print(recording, parts, (System.nanoTime() - start) * 1e-9);
  }

  private static float[] samples(Recording recording, Segment segment) {
    return Arrays.copyOfRange(recording.samples(), segment.from(), segment.to());
  }

  private void print(Recording recording, List<Part> parts, double seconds) {
    var err = spec.commandLine().getErr();
    var printer = new TranscriptPrinter(spec.commandLine().getOut(), err);
    if (json) {
      printer.printJson(recording, parts, seconds, audit.queries());
    } else {
      printer.print(recording, parts, files.size() > 1);
    }
    if (starling.surroundings().terminal()) {
      err.printf(
          Locale.ROOT,
          "starling: %s: %.1f s of sound in %.1f s, real-time factor %.3f%n",
          recording.name(),
          recording.seconds(),
          seconds,
          seconds / recording.seconds());
    }
  }
}
