package io.raybridge.distribution;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Keeps the arrows of docs/architecture.md. */
class ArchitectureTest {
  private static final String[] COMPONENTS = {
    "io.raybridge.receivers..",
    "io.raybridge.processors..",
    "io.raybridge.exporters..",
    "io.raybridge.connectors..",
    "io.raybridge.extensions.."
  };
  private static final String[] CORE = {
    "io.raybridge.data..",
    "io.raybridge.api..",
    "io.raybridge.config..",
    "io.raybridge.engine..",
    "io.raybridge.delivery..",
    "io.raybridge.transport.."
  };

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.raybridge");

  @Test
  void import_findsAllLayers() {
    for (String[] layer :
        new String[][] {
          COMPONENTS,
          CORE,
          {
            "io.raybridge.xray..",
            "io.raybridge.aws..",
            "io.raybridge.sampling..",
            "io.raybridge.local.."
          }
        }) {
      for (String name : layer) {
        if (!name.contains("connectors")) {
          assertThat(OURS.stream().filter(resideInAnyPackage(name))).as(name).isNotEmpty();
        }
      }
    }
  }

  @Test
  void components_dependOnThePipelineButNotOnTheEngine() {
    noClasses()
        .that()
        .resideInAnyPackage(COMPONENTS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.raybridge.engine..", "io.raybridge.distribution..")
        .check(OURS);
  }

  @Test
  void core_namesNoComponentAndNoDomain() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMPONENTS)
        .check(OURS);
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.raybridge.xray..",
            "io.raybridge.aws..",
            "io.raybridge.sampling..",
            "io.raybridge.local..")
        .check(OURS);
  }

  @Test
  void networkLibraries_areNamedByTransportOnly() {
    noClasses()
        .that(not(resideInAnyPackage("io.raybridge.transport..")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..", "com.sun.net.httpserver..")
        .check(OURS);
  }

  @Test
  void awsSdk_isNamedByAwsOnly() {
    noClasses()
        .that(not(resideInAnyPackage("io.raybridge.aws..")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon..")
        .check(OURS);
  }

  @Test
  void receiversProcessorsAndExporters_doNotKnowOtherKinds() {
    for (String kind : new String[] {"receivers", "processors", "exporters", "extensions"}) {
      String[] others =
          java.util.Arrays.stream(COMPONENTS)
              .filter(name -> !name.contains(kind))
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("io.raybridge." + kind + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(OURS);
    }
  }

  @Test
  void dataAndApi_standOnNothingAbove() {
    classes()
        .that()
        .resideInAPackage("io.raybridge.data..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.raybridge.data..", "java..", "tools.jackson..", "org.jspecify..", "")
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage("io.raybridge.api..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.raybridge.config..",
            "io.raybridge.delivery..",
            "io.raybridge.transport..",
            "io.raybridge.engine..")
        .check(OURS);
  }
}
