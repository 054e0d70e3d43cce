package io.github.starling.kernel;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Tells HotSpot how to compile the kernels, without a flag on the command line.
 *
 * <ul>
 *   <li>C1 runs out of virtual registers on large Vector API methods, and a method it gave up on
 *       can stay in boxed code for ever, a hundred times slower: these go straight to C2.
 *   <li>The Vector API's own methods are kept from C1 too. C2 can inline what {@code
 *       FloatVector.add} calls only where the types seen there are on record; kernels that reach C2
 *       before C1 has put {@code add} under observation box their vectors for good. The interpreter
 *       keeps that record from the start.
 *   <li>Plain loops are for C1 as well: they are there to be fast at once.
 *   <li>Helpers that take or return a vector must be inlined, or each call boxes it.
 *   <li>Loops over vectors must not be: inlined into a large caller, C2 may give up removing the
 *       boxes of some, in one run and not in the next. Each is compiled alone, always in the same
 *       way.
 * </ul>
 */
final class KernelCompilation {
  private static final String PACKAGE = "io/github/starling/kernel/";

  private static final String[] INLINED = {
    "Exp2.exp2",
    "Reduction.ordered",
    "Reduction.sum",
    "Panels.copy",
    "Panels.load",
    "Panels.scale",
    "Panels.spread",
    "Panels.spreadVectors",
    "Panels.copyVectors",
    "Panels.store",
    "MicroKernel.addRow",
    "SignatureKernel.above",
    "GatheredAttention.pair",
    "Transpose.load",
    "Transpose.store",
    "BitMajority.*crement",
    "LimitProbes.load",
    "Tanh.tanh",
    "ByteWeights.value",
    "GatedSilu.gated",
  };

  private static final String[] COMPILED_ALONE = {
    "Panels.*Row",
    "Panels.*Rows",
    "Panels.*Values",
    "Panels.gatherPanels",
    "Panels.copyColumns",
    "RowTable.addRows",
    "RowTable.center",
    "RowTable.squaredDistances",
    "QuerySketch.multiply",
    "QuerySketch.orthonormalize",
    "SketchAssignment.compare",
    "NearKeys.*",
    "CentroidScores.copy",
    "ImportantKeys.rate",
    "ImportantKeys.count",
    "ImportantKeys.list",
    "InterleavedKernel.*",
    "GatheredAttention.pack",
    "GatheredAttention.multiply*",
    "GatheredAttention.largest",
    "GatheredAttention.exponentiate",
    "ColumnSoftmax.weigh",
    "WeightedSum.add",
    "OnlineSoftmax.exponentiate*",
    "OnlineSoftmax.normalizeRows",
    "OnlineSoftmax.addScaled",
    "OnlineSoftmax.largest",
    "OnlineSoftmax.scale",
    "Norms.norm",
    "Norms.largestSquare",
    "Transpose.shuffle*",
    "MicroKernel.six*",
    "MicroKernel.addTile",
    "MicroKernel.storeTile",
    "SignatureKernel.pack",
    "SignatureKernel.largestAbsoluteSum",
    "SignatureKernel.uncertain",
    "AngularHashKernel.largestAbsolute",
    "HammingAssignment.lowerFour",
    "BitMajority.add",
    "BitMajority.move",
    "BitMajority.majority",
    "ClusterMean.addRow",
    "TopKeys.offer",
    "TopKeys.shrink",
    "TopKeys.cut",
    "LayerNorm.*",
    "RotaryPositions.rotateRow",
    "ByteWeights.expand",
    "ByteWeights.multiplyTwo",
    "Tanh.row",
    "GatedSilu.row",
    "QueryAttention.score*",
    "QueryAttention.sum*",
    "LimitProbes.multiplyAdd",
    "LimitProbes.countBits",
    "LimitProbes.read",
  };

  private static final String[] PLAIN = {
    "DenseWeights.*", "DirectProduct.*", "EvenSpacing.*", "ByteWeights.pack", "Plain*.*"
  };

  private KernelCompilation() {}

  /** Adds the directives; on a JVM that takes none, kernels run as the JVM sees fit. */
  static void direct() {
    try {
      Path file = Files.createTempFile("starling-directives", ".json");
      try {
        Files.writeString(file, directives());
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

  private static String directives() {
    String inline = quoted("+", INLINED) + ", " + quoted("-", COMPILED_ALONE);
    // The second entry is for callers, ours and the user's: what they inline of the kernels.
    return """
    [{"match": [%s]},
     {"match": ["%s*.*", "jdk/incubator/vector/*.*"], "c1": {"Exclude": true}, "c2": {"inline": [%s]}},
     {"match": ["*.*"], "c2": {"inline": [%s]}}]
    """
        .formatted(quoted("", PLAIN), PACKAGE, inline, inline);
  }

  private static String quoted(String sign, String[] methods) {
    var quoted = new StringBuilder();
    for (String method : methods) {
      quoted.append(quoted.isEmpty() ? "" : ", ");
      quoted.append('"').append(sign).append(PACKAGE).append(method).append('"');
    }
    return quoted.toString();
  }
}
