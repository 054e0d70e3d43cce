/** Clustered attention (arXiv:2007.04825) and the text encoders that use it. */
module starling {
  requires java.management;
  requires jdk.incubator.vector;

  exports io.github.starling.attention;
  exports io.github.starling.kernel;
  exports io.github.starling.model;
  exports io.github.starling.reference;
  exports io.github.starling.tensor;
}
