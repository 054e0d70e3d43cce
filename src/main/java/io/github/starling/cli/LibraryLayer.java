package io.github.starling.cli;

import java.io.File;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Finds the command line in a module layer where its libraries are resolved.
 *
 * <p>Starling requires them only statically, so that users of the library need not have them;
 * {@code java -m starling} therefore leaves them out even when they are on the module path. Then
 * Starling is resolved once more, in a layer above theirs.
 */
final class LibraryLayer {
  /** The modules that only the command line needs. */
  static final List<String> LIBRARIES = List.of("info.picocli", "me.tongfei.progressbar");

  private LibraryLayer() {}

  /** Returns the command line, or nothing if a library is not on the module path. */
  static Optional<ToolProvider> findTool() {
    Module starling = Main.class.getModule();
    if (!starling.isNamed() || isResolved(starling.getLayer())) {
      return Optional.of(new StarlingTool());
    }
    try {
      return ServiceLoader.load(layerWithLibraries(starling), ToolProvider.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(tool -> tool.name().equals(StarlingTool.NAME))
          .findFirst();
    } catch (FindException e) {
      return Optional.empty();
    }
  }

  private static boolean isResolved(ModuleLayer layer) {
    return LIBRARIES.stream().allMatch(library -> layer.findModule(library).isPresent());
  }

  /** Two layers: an automatic module among the libraries would read this Starling and the next. */
  private static ModuleLayer layerWithLibraries(Module starling) {
    ModuleLayer libraries = child(starling.getLayer(), LIBRARIES);
    return child(libraries, List.of(starling.getName()));
  }

  private static ModuleLayer child(ModuleLayer parent, List<String> roots) {
    var configuration =
        parent.configuration().resolve(modulePath(), ModuleFinder.of(), Set.copyOf(roots));
    return parent.defineModulesWithOneLoader(configuration, ClassLoader.getSystemClassLoader());
  }

  private static ModuleFinder modulePath() {
    String[] entries = System.getProperty("jdk.module.path", "").split(File.pathSeparator);
    return ModuleFinder.of(Stream.of(entries).map(Path::of).toArray(Path[]::new));
  }
}
