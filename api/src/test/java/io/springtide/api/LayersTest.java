package io.springtide.api;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.springtide.api.client.TideClient;
import io.springtide.api.marathon.App;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What everybody may use may itself use little. The list names what is allowed rather than what is not:
 * the core, Vert.x, ZooKeeper and loggers are left out with all that nobody has thought of.
 */
class LayersTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.springtide.api", "io.springtide.cli");

    private static final ArchRule LITTLE = noClasses().should()
            .dependOnClassesThat(resideOutsideOfPackages("io.springtide.api..",
                    "io.springtide.cli..", "java..", "javax.annotation..", "org.jspecify..",
                    "com.fasterxml.jackson..", "com.google.protobuf..", "com.google.common..",
                    "com.google.re2j..",
                    "io.grpc..", "org.snakeyaml..", "picocli..")
                    .and(DescribedPredicate.not(primitive())))
            .because("the contract drags nothing into those who speak it");

    private static final ArchRule MODEL_WITHOUT_CLIENT = modelWithoutClient(
            "io.springtide.api.marathon..", "io.springtide.api.agent..");

    private static ArchRule modelWithoutClient(String... packages) {
        return noClasses().that().resideInAnyPackage(packages).should()
                .dependOnClassesThat(resideInAnyPackage("io.springtide.api.client..",
                        "io.springtide.cli..", "picocli..", "java.net.http.."))
                .because("the model is the same for those who serve it and those who call");
    }

    private static DescribedPredicate<JavaClass> primitive() {
        return DescribedPredicate.describe("primitive",
                type -> type.isPrimitive() || type.getBaseComponentType().isPrimitive());
    }

    @Test
    void usesLittle() {
        assertThat(CLASSES).isNotEmpty();
        LITTLE.check(CLASSES);
    }

    @Test
    void theModelKnowsNoClient() {
        MODEL_WITHOUT_CLIENT.check(CLASSES);
    }

    @Test
    void aViolationWouldBeSeen() {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);
        assertThat(LITTLE.evaluate(planted).hasViolation()).isTrue();
        assertThat(modelWithoutClient("io.springtide.api").evaluate(planted).hasViolation())
                .isTrue();
        assertThat(LITTLE.evaluate(new ClassFileImporter().importClasses(App.class))
                .hasViolation()).isFalse();
    }

    private record Planted(TideClient client, JavaClasses stranger) {}
}
