package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

class AuditOptionTest {
  @Command
  private static final class Line {
    @Mixin private AuditOption audit;

    @Option(names = "--json")
    private boolean json;

    @Parameters private List<String> files = List.of();
  }

  private static void check(int audited, List<String> files, String... args) {
    var line = CommandLine.populateCommand(new Line(), args);
    assertEquals(audited, line.audit.queries());
    assertEquals(files, line.files);
    assertEquals(List.of(args).contains("--json"), line.json);
  }

  @Test
  void aNumberIsTaken() {
    check(3, List.of("a.wav"), "--audit", "3", "a.wav");
    check(3, List.of("a.wav"), "--audit=3", "a.wav");
    check(-1, List.of(), "--audit", "-1");
  }

  @Test
  void whatIsNoNumberIsLeft() {
    check(8, List.of("a.wav"), "--audit", "a.wav");
    check(8, List.of("-"), "--audit", "-");
    check(8, List.of("3.wav"), "--audit", "3.wav", "--json");
    check(8, List.of("a.wav"), "--audit", "--json", "a.wav");
    check(8, List.of("a.wav"), "a.wav", "--audit");
    check(8, List.of("a.wav"), "--audit", "--", "a.wav");
    check(0, List.of("a.wav"), "a.wav");
  }

  @Test
  void whatIsTiedToItMustBeANumber() {
    for (String bad : List.of("--audit=a.wav", "--audit=")) {
      var line = new CommandLine(new Line());
      assertThrows(ParameterException.class, () -> line.parseArgs(bad), bad);
    }
  }
}
