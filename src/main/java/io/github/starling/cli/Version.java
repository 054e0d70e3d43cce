package io.github.starling.cli;

import picocli.CommandLine.IVersionProvider;

/** Which Starling this is. */
final class Version implements IVersionProvider {
  /** Returns the version in the module's descriptor; there is none on a class path. */
  static String number() {
    var descriptor = Version.class.getModule().getDescriptor();
    return descriptor == null ? "unpackaged" : descriptor.rawVersion().orElse("unversioned");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"starling " + number() + " (Java " + Runtime.version() + ")"};
  }
}
