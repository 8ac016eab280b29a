package dev.ponder.engine.jllama;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SeatAloneTests {

  @Test
  void theSeatKnowsNeitherItsParentNorSpring() {
    JavaClasses seat =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.ponder.engine.jllama.seat");

    noClasses()
        .that()
        .doNotHaveSimpleName("package-info")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.ponder.engine.jllama", "org.springframework..")
        .check(seat);
  }
}
