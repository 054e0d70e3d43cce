package io.github.starling.kernel;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Keeps HotSpot's first compiler away from the kernels.
 *
 * <p>C1 runs out of virtual registers on large Vector API methods, and a method it gave up on can
 * stay in boxed code for ever, a hundred times slower. The directive below makes the interpreter
 * hand these methods straight to C2. It changes no JVM flag.
 *
 * <p>The Vector API's own methods are kept from C1 too. C2 can inline what {@code FloatVector.add}
 * calls only where the types seen there are on record, and kernels that reach C2 before C1 has put
 * {@code add} under observation box their vectors for good; that was one run in ten. The
 * interpreter keeps that record from the start.
 */
final class KernelCompilation {
  private static final String DIRECTIVES =
      """
      [{
        "match": ["io/github/starling/kernel/*.*", "jdk/incubator/vector/*.*"],
        "c1": {"Exclude": true},
        "c2": {"inline": ["+io/github/starling/kernel/Exp2.exp2",
                          "+io/github/starling/kernel/Reduction.ordered",
                          "+io/github/starling/kernel/Reduction.sum",
                          "+io/github/starling/kernel/Transpose.load",
                          "+io/github/starling/kernel/Transpose.store",
                          "+io/github/starling/kernel/LaneSum.of",
                          "-io/github/starling/kernel/LayerNorm.*"]}
      }]
      """;

  private KernelCompilation() {}

  /** Adds the directive; on a JVM that has none, kernels run as the JVM sees fit. */
  static void excludeFromC1() {
    try {
      Path file = Files.createTempFile("starling-directives", ".json");
      try {
        Files.writeString(file, DIRECTIVES);
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "compilerDirectivesAdd",
                new Object[] {new String[] {file.toString()}},
                new String[] {String[].class.getName()});
      } finally {
        Files.delete(file);
      }
    } catch (IOException | JMException e) {
      System.getLogger(KernelCompilation.class.getName())
          .log(System.Logger.Level.DEBUG, "no compiler directives on this JVM", e);
    }
  }
}
