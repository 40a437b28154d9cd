package io.springtide.agent;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.springtide.agent.link.MasterLink;
import io.springtide.api.client.TideClient;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/** The agent knows the protocol and what runs containers, and nothing of how a master decides. */
class LayersTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.springtide.agent");

    private static final ArchRule OF_OURS_THE_PROTOCOL_ONLY = noClasses().should()
            .dependOnClassesThat().resideInAnyPackage("io.springtide.core..",
                    "io.springtide.master..", "io.springtide.cloud..", "io.springtide.cli..",
                    "io.springtide.api.client..", "io.springtide.api.marathon..")
            .because("agents of one release work with masters of the next");

    private static final ArchRule RUNTIMES_KNOW_NO_MASTER = knowNoMaster(
            "io.springtide.agent.runtime..", "io.springtide.agent.health..",
            "io.springtide.agent.fetch..", "io.springtide.agent.sandbox..");

    private static ArchRule knowNoMaster(String... packages) {
        return noClasses().that().resideInAnyPackage(packages).should().dependOnClassesThat()
                .resideInAnyPackage("io.springtide.agent.link..", "io.grpc..")
                .because("what runs tasks goes on while no master is there");
    }

    @Test
    void ofOursTheAgentKnowsTheProtocolOnly() {
        assertThat(CLASSES).isNotEmpty();
        OF_OURS_THE_PROTOCOL_ONLY.check(CLASSES);
    }

    @Test
    void runtimesKnowNoMaster() {
        RUNTIMES_KNOW_NO_MASTER.check(CLASSES);
    }

    @Test
    void packagesDoNotDependOnEachOtherInACircle() {
        SlicesRuleDefinition.slices().matching("io.springtide.agent.(*)..").should()
                .beFreeOfCycles().check(CLASSES);
    }

    @Test
    void aViolationWouldBeSeen() {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);
        assertThat(OF_OURS_THE_PROTOCOL_ONLY.evaluate(planted).hasViolation()).isTrue();
        assertThat(knowNoMaster("io.springtide.agent").evaluate(planted).hasViolation()).isTrue();
    }

    private record Planted(TideClient client, MasterLink link) {}
}
