package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Group;
import io.springtide.bench.placement.work.Machine;
import io.springtide.bench.placement.work.Need;
import io.springtide.bench.placement.work.Policy;
import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: no wrong answer passes. Method: right ones with one fault planted in each. */
class CheckedOutcomeTest {

    private static final Need ONE = new Need(1_000, 1_024, 1);
    private static final int N = Outcome.NOWHERE;

    /** Four machines of two cpus, by turns in two zones; the last one is of another kind. */
    private static final List<Machine> MACHINES = List.of(machine("a", "plain"),
            machine("b", "plain"), machine("a", "plain"), machine("b", "odd"));

    @Test
    void aRightAnswerPassesAndIsCounted() {
        CheckedOutcome checked = check(new Rule.Anywhere(), 0, 0, 1, N);
        assertThat(checked.violations()).isEmpty();
        assertThat(checked.right()).isTrue();
        assertThat(checked.placed()).isEqualTo(3);
        assertThat(checked.machinesUsed()).isEqualTo(2);
    }

    @Test
    void overCommitmentOfEachResourceIsFound() {
        for (Need need : List.of(new Need(1_001, 0, 0), new Need(0, 2_049, 0), new Need(0, 0, 2))) {
            Workload work = work(new Group("app", need, new Rule.Anywhere()), 2);
            assertThat(CheckedOutcome.of(work, outcome(0, 0)).violations())
                    .singleElement().asString().contains("task 1 over-commits machine 0");
            assertThat(CheckedOutcome.of(work, outcome(0, 1)).right()).isTrue();
        }
    }

    @Test
    void whatRunsAlreadyTakesRoom() {
        Workload work = new Workload("w", "", Policy.BINPACK, MACHINES,
                List.of(new Group("app", ONE, new Rule.Anywhere())), new int[2], new int[]{0, 0},
                new int[0], new int[1]);
        assertThat(CheckedOutcome.of(work, outcome(0)).right()).isFalse();
        assertThat(CheckedOutcome.of(work, outcome(1)).right()).isTrue();
    }

    @Test
    void aSecondOneOnAMachineIsFound() {
        assertThat(check(new Rule.OnePerMachine(), 0, 1, 2).right()).isTrue();
        assertThat(check(new Rule.OnePerMachine(), 0, 1, 0).violations()).singleElement()
                .asString().contains("second one of app on machine 0");
    }

    @Test
    void zonesMustBeLevelAtEveryMomentAndNotOnlyInTheEnd() {
        assertThat(check(new Rule.LevelZones(1), 0, 1, 2, 3).right()).isTrue();
        assertThat(check(new Rule.LevelZones(1), 0, 2, 1, 3).violations()).singleElement()
                .asString().contains("after task 1", "differ by 2");
        assertThat(check(new Rule.LevelZones(2), 0, 2, 1, 3).right()).isTrue();
    }

    @Test
    void aZoneWithoutAnInstanceCounts() {
        assertThat(check(new Rule.LevelZones(1), 0, 2).violations()).hasSize(1);
    }

    @Test
    void theOtherHardRulesAreChecked() {
        assertThat(check(new Rule.OneZone(), 0, 2).right()).isTrue();
        assertThat(check(new Rule.OneZone(), 0, 1).violations()).singleElement().asString()
                .contains("second zone");
        assertThat(check(new Rule.OnlyKind("plain"), 0, 1, 2).right()).isTrue();
        assertThat(check(new Rule.OnlyKind("plain"), 3).violations()).singleElement().asString()
                .contains("kind is not plain");
        Workload off = new Workload("w", "", Policy.BINPACK, MACHINES,
                List.of(new Group("old", ONE, new Rule.Anywhere()),
                        new Group("new", ONE, new Rule.KeepOff(0))),
                new int[]{0}, new int[]{2}, new int[0], new int[]{1});
        assertThat(CheckedOutcome.of(off, outcome(1)).right()).isTrue();
        assertThat(CheckedOutcome.of(off, outcome(2)).violations()).singleElement().asString()
                .contains("beside old");
    }

    @Test
    void softRulesAreOnlyMeasured() {
        CheckedOutcome level = check(new Rule.PreferLevelZones(), 0, 0, 2);
        assertThat(level.right()).isTrue();
        assertThat(level.skewMax()).isEqualTo(3);
        CheckedOutcome apart = check(new Rule.PreferApart(), 0, 0, 1);
        assertThat(apart.right()).isTrue();
        assertThat(apart.doubled()).isEqualTo(1);
    }

    @Test
    void evictionsMustServeAHigherPriorityOnTheSameMachine() {
        Need whole = new Need(2_000, 1_024, 0);
        Workload work = new Workload("w", "", Policy.SPREAD, MACHINES,
                List.of(new Group("low", whole, new Rule.Anywhere()),
                        new Group("high", whole, new Rule.Anywhere(), 5)),
                new int[]{0, 0}, new int[]{0, 1}, new int[0], new int[]{1, 0});
        assertThat(evict(work, new int[]{0, N}, 0, N).violations()).isEmpty();
        assertThat(evict(work, new int[]{N, N}, 0, N).violations()).singleElement().asString()
                .contains("over-commits");
        assertThat(evict(work, new int[]{0, 0}, 0, N).violations()).singleElement().asString()
                .contains("not on its machine");
        assertThat(evict(work, new int[]{N, 1}, N, 1).violations()).singleElement().asString()
                .contains("priority is no higher");
    }

    @Test
    void answersThatAreNoneAreFound() {
        assertThat(check(new Rule.Anywhere(), 4).violations()).singleElement().asString()
                .contains("does not exist");
        assertThat(
                CheckedOutcome.of(work(new Group("app", ONE, new Rule.Anywhere()), 2), outcome(0))
                        .violations())
                .singleElement().asString().contains("1 answers to 2 tasks");
    }

    private static CheckedOutcome check(Rule rule, int... machines) {
        return CheckedOutcome.of(work(new Group("app", ONE, rule), machines.length),
                outcome(machines));
    }

    private static CheckedOutcome evict(Workload work, int[] evictedBy, int... machines) {
        return CheckedOutcome.of(work, new Outcome(machines, evictedBy, machines.length, 1, 0));
    }

    private static Workload work(Group group, int tasks) {
        return new Workload("w", "", Policy.BINPACK, roomy(group), List.of(group),
                new int[tasks]);
    }

    /** Rules are tried where there is room enough for anything. */
    private static List<Machine> roomy(Group group) {
        return group.rule() instanceof Rule.Anywhere
                ? MACHINES
                : MACHINES.stream().map(m -> new Machine(90_000, 90_000, 90, m.zone(), m.rack(),
                        m.kind())).toList();
    }

    private static Outcome outcome(int... machines) {
        return new Outcome(machines, machines.length, 1, 0);
    }

    private static Machine machine(String zone, String kind) {
        return new Machine(2_000, 4_096, 2, zone, "rack", kind);
    }
}
