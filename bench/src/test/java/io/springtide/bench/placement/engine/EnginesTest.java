package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Group;
import io.springtide.bench.placement.work.Machine;
import io.springtide.bench.placement.work.Need;
import io.springtide.bench.placement.work.Policy;
import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import io.springtide.bench.placement.work.Workloads;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every engine answers small work rightly and in full. */
class EnginesTest {

    private static final long NO_LIMIT = Long.MAX_VALUE / 2;
    private static final Workloads WORKLOADS = new Workloads(5);

    static Stream<PlacementEngine> engines() {
        return Stream.of(new SpringtidePlacer(), new SpringtideCore(),
                new FenzoEngine(FenzoEngine.Use.FAIR), new FenzoEngine(FenzoEngine.Use.STOCK),
                new FenzoEngine(FenzoEngine.Use.GOOD_ENOUGH));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void placesAllOfTheSmallWork(PlacementEngine engine) {
        List<Workload> all = List.of(WORKLOADS.uniform(10, 100), WORKLOADS.mixed(10, 100),
                WORKLOADS.burst(10, 20), WORKLOADS.unique(20, 10), WORKLOADS.balance(30, 10),
                WORKLOADS.flash(50, 10, 40, Policy.BINPACK));
        for (Workload work : all) {
            if (engine.refusal(work).isEmpty()) {
                CheckedOutcome checked = CheckedOutcome.of(work, engine.run(work, NO_LIMIT));
                assertThat(checked.violations()).as(work.name()).isEmpty();
                assertThat(checked.placed()).as(work.name()).isEqualTo(work.taskCount());
                assertThat(checked.outcome().tried()).isEqualTo(work.taskCount());
            }
        }
    }

    @Test
    void fenzoKeepsEveryRuleWithItsOwnConstraintsAndWithOurs() {
        for (FenzoEngine.Use use : FenzoEngine.Use.values()) {
            for (Rule rule : List.of(new Rule.OnePerMachine(), new Rule.LevelZones(1),
                    new Rule.OneZone(), new Rule.OnlyKind("odd"), new Rule.KeepOff(1),
                    new Rule.PreferApart(), new Rule.PreferLevelZones())) {
                FenzoEngine engine = new FenzoEngine(use);
                Workload work = ruled(rule);
                if (engine.refusal(work).isEmpty()) {
                    CheckedOutcome checked = CheckedOutcome.of(work, engine.run(work, NO_LIMIT));
                    assertThat(checked.violations()).as(use + " " + rule).isEmpty();
                    assertThat(checked.placed()).as(use + " " + rule).isEqualTo(3);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void whatFitsNowhereIsLeftAndTheRestPlaced(PlacementEngine engine) {
        Workload work = new Workload("w", "", Policy.BINPACK, machines(),
                List.of(new Group("huge", new Need(99_000, 1, 0), new Rule.Anywhere()),
                        new Group("small", new Need(100, 1, 0), new Rule.PreferApart())),
                new int[]{1, 0, 1});
        CheckedOutcome checked = CheckedOutcome.of(work, engine.run(work, NO_LIMIT));
        assertThat(checked.violations()).isEmpty();
        assertThat(checked.outcome().machines()[1]).isEqualTo(Outcome.NOWHERE);
        assertThat(checked.placed()).isEqualTo(2);
    }

    @Test
    void aRunWhoseTimeIsUpEndsEarlyAndSaysSo() {
        Workload work = WORKLOADS.uniform(10, 100);
        Outcome outcome = new FenzoEngine(FenzoEngine.Use.FAIR).run(work, -1);
        assertThat(outcome.tried()).isZero();
        assertThat(outcome.placed()).isZero();
    }

    @Test
    void engineRefuseWhatTheyHaveNoNotionOf() {
        Workload preemption = WORKLOADS.named("kube-preemption");
        engines().forEach(engine -> assertThat(engine.refusal(preemption)).isPresent());
        assertThat(new FenzoEngine(FenzoEngine.Use.STOCK).refusal(WORKLOADS.uniform(10, 10)))
                .isPresent();
    }

    private static Workload ruled(Rule rule) {
        return new Workload("w", "", Policy.BINPACK, machines(),
                List.of(new Group("app", new Need(100, 128, 1), rule),
                        new Group("other", new Need(200, 128, 1), new Rule.Anywhere())),
                new int[]{1}, new int[]{0}, new int[0], new int[3]);
    }

    private static List<Machine> machines() {
        List<Machine> machines = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            machines.add(new Machine(4_000, 4_096, 10, "zone-" + i % 2, "rack", i < 4
                    ? Machine.PLAIN
                    : "odd"));
        }
        return machines;
    }
}
