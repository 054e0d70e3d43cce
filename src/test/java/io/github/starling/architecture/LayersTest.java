package io.github.starling.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages are layers: each imports only those below it. */
class LayersTest {
  private static final String ROOT = "io.github.starling.";

  /** Top to bottom; packages of one row do not know each other. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("cli"),
          List.of("evaluation"),
          List.of("encoder", "speech"),
          List.of("attention", "text", "model"),
          List.of("clustering"),
          List.of("kernel"),
          List.of("tensor", "chart"));

  private static final JavaClasses STARLING =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.github.starling");

  @Test
  void eachLayerImportsOnlyThoseBelow() {
    for (int i = 0; i < LAYERS.size(); i++) {
      for (String layer : LAYERS.get(i)) {
        var below = LAYERS.subList(i + 1, LAYERS.size()).stream().flatMap(List::stream);
        var allowed = Stream.concat(Stream.of(layer), below).map(p -> ROOT + p).toList();
        classes()
            .that()
            .resideInAPackage(ROOT + layer)
            .should()
            .onlyDependOnClassesThat(
                DescribedPredicate.describe(
                    "are outside Starling or in " + allowed,
                    c ->
                        !c.getPackageName().startsWith(ROOT)
                            || allowed.contains(c.getPackageName())))
            .allowEmptyShould(true)
            .check(STARLING);
      }
    }
  }

  @Test
  void theReferenceUsesOnlyTensors() {
    classes()
        .that()
        .resideInAPackage(ROOT + "reference")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT + "reference", ROOT + "tensor", "java..")
        .allowEmptyShould(true)
        .check(STARLING);
  }

  @Test
  void noCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(STARLING);
  }

  @Test
  void onlyKernelsUseTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "kernel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(STARLING);
  }

  @Test
  void onlyTheCommandLineHasDependencies() {
    classes()
        .that()
        .resideOutsideOfPackage(ROOT + "cli")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.github.starling..", "java..", "javax.management..", "jdk..", "com.sun.management..")
        .check(STARLING);
  }
}
