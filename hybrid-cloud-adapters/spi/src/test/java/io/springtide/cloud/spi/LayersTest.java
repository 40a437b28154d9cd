package io.springtide.cloud.spi;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/** The SPI stands alone: an adapter can be built without anything else of ours. */
class LayersTest {

    private static final ArchRule ALONE = alone("io.springtide.cloud.spi..");

    private static ArchRule alone(String itself) {
        return noClasses().should().dependOnClassesThat(
                resideInAPackage("io.springtide..").and(resideOutsideOfPackages(itself)))
                .because("vendors' adapters are built against the SPI and the JDK");
    }

    @Test
    void usesNothingElseOfOurs() {
        JavaClasses spi = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.springtide.cloud.spi");
        assertThat(spi).isNotEmpty();
        ALONE.check(spi);
    }

    /** Nothing else of ours is on this module's class path, so the SPI is taken for a stranger here. */
    @Test
    void aViolationWouldBeSeen() {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);
        assertThat(alone("io.springtide.cloud.other").evaluate(planted).hasViolation()).isTrue();
        assertThat(ALONE.evaluate(planted).hasViolation()).isFalse();
    }

    private record Planted(Node node) {}
}
