/** Clustered attention (arXiv:2007.04825) and the models of text and speech that use it. */
module starling {
  requires jdk.management;
  requires jdk.incubator.vector;
  // For events; an image without Flight Recorder does without, see kernel.Profile.
  requires static jdk.jfr;
  // For the command line, see io.github.starling.cli.LibraryLayer.
  requires static info.picocli;
  requires static me.tongfei.progressbar;

  exports io.github.starling.attention;
  exports io.github.starling.clustering;
  exports io.github.starling.encoder;
  exports io.github.starling.evaluation;
  exports io.github.starling.kernel;
  exports io.github.starling.model;
  exports io.github.starling.reference;
  exports io.github.starling.speech;
  exports io.github.starling.tensor;
  exports io.github.starling.text;
  exports io.github.starling.transformer;

  opens io.github.starling.cli to
      info.picocli;

  uses java.util.spi.ToolProvider;

  provides java.util.spi.ToolProvider with
      io.github.starling.cli.StarlingTool;
}
