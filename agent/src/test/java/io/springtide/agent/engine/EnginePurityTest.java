package io.springtide.agent.engine;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/** The engine has no disk, clock, network, thread or log, so that a simulator can run it. */
class EnginePurityTest {

    private static final ArchRule PURE = noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("java.io..",
                    "java.nio..", "java.net..", "java.time..", "java.util.concurrent..",
                    "java.util.random..", "org.slf4j..",
                    "io.grpc..", "io.netty..", "io.springtide.agent.link..",
                    "io.springtide.agent.health..");
    private static final ArchRule NO_CLOCK_NO_THREAD = noClasses().should()
            .callMethod(System.class, "currentTimeMillis").orShould()
            .callMethod(System.class, "nanoTime").orShould()
            .dependOnClassesThat().areAssignableTo(Thread.class).orShould().dependOnClassesThat()
            .areAssignableTo(java.util.Random.class);

    @Test
    void theEngineTouchesNothing() {
        JavaClasses engine = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.springtide.agent.engine");
        assertThat(engine).isNotEmpty();
        List.of(PURE, NO_CLOCK_NO_THREAD).forEach(rule -> rule.check(engine));
    }

    @Test
    void aViolationWouldBeSeen() {
        JavaClasses impure = new ClassFileImporter().importPackages("io.springtide.agent.link");
        assertThat(PURE.evaluate(impure).hasViolation()).isTrue();
        assertThat(NO_CLOCK_NO_THREAD.evaluate(impure).hasViolation()).isTrue();
    }
}
