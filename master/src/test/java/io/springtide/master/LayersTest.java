package io.springtide.master;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.springtide.core.SchedulerCore;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.planted.Planted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: the rooms of the master stay apart. Method: each rule is checked on the master, where it must
 * see nothing, and on planted violations, of which it must see just its own.
 */
class LayersTest {

    private static final List<String> DOORS = List.of("Forecast", "PlacementSettings", "Scorer",
            "Scorers", "DeploymentProgress", "PlanPreview");

    private static String outermost(JavaClass type) {
        return type.getName().substring(type.getPackageName().length() + 1).split("\\$", 2)[0];
    }

    private static final String MASTER = "io.springtide.master";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(MASTER);

    private static final JavaClasses VIOLATIONS = new ClassFileImporter()
            .importPackages(MASTER + ".planted");

    /** By the names that planted violations call them. */
    private static final Map<String, ArchRule> RULES = rules();

    private static Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new TreeMap<>();
        rules.put("durability", noClasses().that(areIn("agents", "http")).should()
                .dependOnClassesThat(areIn("journal", "snapshot"))
                .because("doors know commands and the view; how facts become durable is the"
                        + " ring's business"));
        rules.put("ring", noClasses().that(areIn("agents", "http")).should()
                .dependOnClassesThat(areIn("ring").and(not("CommandPort", "Outcome")))
                .because("the doors' way into the ring is CommandPort and its Outcome"));
        rules.put("doors", noClasses().that(areIn("http")).should()
                .dependOnClassesThat(areIn("agents").and(not("AgentsPort", "UnknownEnds")))
                .because("one door sees the other through AgentsPort only"));
        rules.put("apply", noClasses().that(areNotIn("ring", "snapshot", "standby", "view"))
                .should()
                .accessTargetWhere(DescribedPredicate.<JavaAccess<?>>describe("change the state",
                        call -> isStateful(call.getTargetOwner())
                                && (call.getName().equals("apply")
                                        || call.getName().equals("decide")
                                        || call.getName().equals("drainTouched")
                                        || call.getName().equals("touchAll"))))
                .because("the state changes by facts that are journaled, nowhere else"));
        rules.put("rules", noClasses().should()
                .dependOnClassesThat(resideInAnyPackage("io.springtide.core.decide..",
                        "io.springtide.core.placement..", "io.springtide.core.deployment..")
                        // The doors for questions; they change nothing.
                        .and(DescribedPredicate.not(resideInAnyPackage(
                                "io.springtide.core.placement", "io.springtide.core.decide").and(
                                        DescribedPredicate
                                                .<JavaClass>describe("are doors",
                                                        type -> DOORS.contains(outermost(type)))))))
                .because("how to place and to roll out belongs to the core"));
        rules.put("snapshots", noClasses().that(areIn("agents", "http", "metrics", "journal"))
                .should()
                .dependOnClassesThat(DescribedPredicate.<JavaClass>describe("encode the state",
                        type -> type.isEquivalentTo(StateSnapshot.class)))
                .because("a snapshot needs the position it stands for: CommittedState.freeze"));
        rules.put("vertx", noClasses().that(areNotIn("", "http")).should()
                .dependOnClassesThat(resideInAPackage("io.vertx.."))
                .because("only the door for clients speaks HTTP"));
        rules.put("grpc", noClasses().that(areNotIn("agents")).should()
                .dependOnClassesThat(resideInAPackage("io.grpc.."))
                .because("only the door for agents speaks gRPC"));
        rules.put("journal", noClasses().that(areIn("journal")).should()
                .dependOnClassesThat(resideInAnyPackage("io.springtide.core..").or(
                        resideInAPackage(MASTER + "..").and(areNotIn("journal"))))
                .because("the journal keeps bytes in order and does not know what they mean"));
        rules.put("others", classes().that().resideInAPackage(MASTER + "..").should()
                .onlyDependOnClassesThat(DescribedPredicate.not(resideInAnyPackage(
                        "io.springtide.agent..", "io.springtide.cli..",
                        "io.springtide.bench..")))
                .because("a master speaks with agents by the protocol and with nobody's classes"));
        rules.put("spi", noClasses().that(areNotIn("traffic", "nodes", "http", "leader")).should()
                .dependOnClassesThat(resideInAPackage("io.springtide.cloud.."))
                .because("load balancers are the business of the traffic's room, machines of the"
                        + " nodes' room; doors show what they say"));
        rules.put("adapters", noClasses().that(areNotIn("traffic")).should()
                .dependOnClassesThat(resideInAPackage("io.springtide.cloud..").and(
                        DescribedPredicate.not(resideInAPackage("io.springtide.cloud.spi.."))))
                .because("only what drives an adapter knows it"));
        return rules;
    }

    static Iterable<String> names() {
        return RULES.keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theMasterKeepsTheRule(String name) {
        assertThat(CLASSES).isNotEmpty();
        rule(name).check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theRuleSeesAViolation(String name) {
        for (JavaClass violation : VIOLATIONS) {
            if (violation.isAnnotatedWith(Planted.class)) {
                boolean isItsOwn = violation.getAnnotationOfType(Planted.class).rule().equals(name);
                JavaClasses only = VIOLATIONS.that(DescribedPredicate.equalTo(violation));
                assertThat(rule(name).allowEmptyShould(true).evaluate(only).hasViolation())
                        .as(violation.getName()).isEqualTo(isItsOwn);
            }
        }
        assertThat(VIOLATIONS).anyMatch(violation -> violation
                .tryGetAnnotationOfType(Planted.class)
                .filter(planted -> planted.rule().equals(name)).isPresent());
    }

    @Test
    void roomsDoNotDependOnEachOtherInACircle() {
        SlicesRuleDefinition.slices().matching(MASTER + ".(*)..").should().beFreeOfCycles()
                .check(CLASSES);
    }

    private static ArchRule rule(String name) {
        return Optional.ofNullable(RULES.get(name)).orElseThrow();
    }

    /** In one of these rooms, or planted there; the empty name is the package of the wiring. */
    private static DescribedPredicate<JavaClass> areIn(String... rooms) {
        return DescribedPredicate.describe("are in " + String.join(", ", rooms), type -> {
            String room = room(type);
            for (String one : rooms) {
                if (room.equals(one)) {
                    return true;
                }
            }
            return false;
        });
    }

    private static DescribedPredicate<JavaClass> areNotIn(String... rooms) {
        return resideInAPackage(MASTER + "..").and(DescribedPredicate.not(areIn(rooms)));
    }

    private static String room(JavaClass type) {
        if (type.isAnnotatedWith(Planted.class)) {
            return type.getAnnotationOfType(Planted.class).room();
        }
        String name = type.getPackageName();
        if (!name.equals(MASTER) && !name.startsWith(MASTER + ".")) {
            return "-";
        }
        String[] parts = name.substring(MASTER.length()).split("\\.", -1);
        return parts.length > 1 ? parts[1] : "";
    }

    private static DescribedPredicate<JavaClass> not(String... simpleNames) {
        return DescribedPredicate.describe("other than " + String.join(", ", simpleNames),
                type -> {
                    JavaClass outermost = type;
                    while (outermost.getEnclosingClass().isPresent()) {
                        outermost = outermost.getEnclosingClass().get();
                    }
                    for (String one : simpleNames) {
                        if (outermost.getSimpleName().equals(one)) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    private static boolean isStateful(JavaClass owner) {
        return owner.isEquivalentTo(ClusterState.class)
                || owner.isEquivalentTo(SchedulerCore.class);
    }
}
