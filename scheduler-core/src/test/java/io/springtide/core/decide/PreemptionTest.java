package io.springtide.core.decide;

import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Who gives way to whom, and who does not. */
class PreemptionTest {

    private static final Rules LOW = Rules.NONE.withDisruptionPpm(Rules.PPM);
    private static final Rules HIGH = Rules.NONE.withPriority(10);
    private static final Rules SPARE = Rules.NONE.withServiceClass(ServiceClass.BEST_EFFORT);

    private final Cluster cluster = new Cluster();
    private int mark;

    private static Specs.App app(String path, int instances, long cpus, Rules rules) {
        return Specs.app(path, instances).hostPorts().policy(PlacementPolicy.BINPACK)
                .resources(new Resources(cpus * 1_000, 10, 0, 0)).rules(rules);
    }

    private void agent(String name, long cpus) {
        cluster.join(Specs.agent(name, "s0", "r0", new Resources(cpus * 1_000, 1_000, 1_000, 0),
                List.of(new PortRange(8_000, 8_003))));
    }

    /** There, and running as far as it goes. */
    private void running(Specs.App app) {
        cluster.accept(app.submit());
        cluster.quiesce();
        mark = cluster.journal().size();
    }

    /** Of all since the last app that was there beforehand. */
    private List<Long> evicted() {
        return cluster.since(mark, Event.InstancesDecommissioned.class).stream()
                .filter(event -> event.reason() == Event.Reason.PREEMPTED)
                .flatMap(event -> event.instances().stream()).toList();
    }

    @Test
    void theHigherTakesThePlaceOfTheLower() {
        agent("a0", 4);
        running(app("/low", 4, 1, LOW));
        cluster.accept(app("/high", 2, 1, HIGH).submit());
        assertThat(evicted()).containsExactly(3L, 4L);
        cluster.quiesce();
        assertThat(cluster.healthy("/high")).isEqualTo(2);
        assertThat(cluster.healthy("/low")).isEqualTo(2);
        assertThat(cluster.app("/low").evicted()).isEqualTo(2);
    }

    @Test
    void equalsDoNotGiveWay() {
        agent("a0", 4);
        running(app("/first", 4, 1, HIGH));
        cluster.accept(app("/second", 2, 1, HIGH).submit());
        cluster.live(3);
        assertThat(evicted()).isEmpty();
    }

    @Test
    void nobodyGivesWayTwiceForTheSame() {
        agent("a0", 4);
        agent("a1", 4);
        running(app("/low", 8, 1, LOW));
        cluster.accept(app("/high", 1, 2, HIGH).submit());
        assertThat(evicted()).hasSize(2);
        cluster.passSeconds(5);
        cluster.accept(app("/other", 1, 1, Rules.NONE).submit());
        assertThat(evicted()).hasSize(2);
        cluster.quiesce();
        assertThat(cluster.healthy("/high")).isEqualTo(1);
        assertThat(evicted()).hasSize(2);
    }

    /** The room next to what is ending is part of what is waited for. */
    @Test
    void theLowerDoesNotTakeWhatTheHigherWaitsFor() {
        agent("a0", 4);
        running(app("/low", 1, 3, LOW));
        cluster.accept(app("/high", 1, 4, HIGH).submit());
        cluster.accept(app("/small", 1, 1, LOW).submit());
        cluster.passSeconds(2);
        assertThat(cluster.active("/small")).isEmpty();
        cluster.quiesce();
        assertThat(cluster.healthy("/high")).isEqualTo(1);
        assertThat(evicted()).containsExactly(1L);
    }

    @Test
    void theBudgetHolds() {
        agent("a0", 4);
        running(app("/low", 4, 1, Rules.NONE.withDisruptionPpm(250_000)));
        cluster.accept(app("/high", 3, 1, HIGH).submit());
        cluster.live(5);
        assertThat(evicted()).hasSize(1);
        assertThat(cluster.healthy("/high")).isEqualTo(1);
        assertThat(cluster.healthy("/low")).isEqualTo(3);
    }

    @Test
    void aBudgetOfNothingProtects() {
        agent("a0", 4);
        running(app("/low", 4, 1, Rules.NONE.withDisruptionPpm(0)));
        cluster.accept(app("/high", 3, 1, HIGH).submit());
        cluster.live(2);
        assertThat(evicted()).isEmpty();
    }

    @Test
    void oneAloneGivesWayUnlessItSaysOtherwise() {
        agent("a0", 1);
        running(app("/low", 1, 1, Rules.NONE));
        cluster.accept(app("/high", 1, 1, HIGH).submit());
        assertThat(evicted()).containsExactly(1L);
    }

    @Test
    void whatIsMissingForLackOfRoomIsNotDisruption() {
        agent("a0", 4);
        running(app("/low", 100, 1, Rules.NONE));
        cluster.accept(app("/high", 3, 1, HIGH).submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/high")).isEqualTo(3);
    }

    @Test
    void nobodyGivesWayForWhatWouldNotFitAllTheSame() {
        agent("a0", 4);
        running(app("/low", 4, 1, LOW));
        cluster.accept(app("/large", 1, 5, HIGH).submit());
        cluster.accept(app("/ports", 1, 1, HIGH).hostPorts(9_999).submit());
        SimAgent agent = cluster.agent("a0");
        agent.spec(Specs.running(agent.spec(), RuntimeKind.PROCESS.bit()));
        cluster.connect(agent);
        cluster.accept(app("/docker", 1, 1, HIGH).runtime(RuntimeKind.DOCKER).submit());
        cluster.live(2);
        assertThat(evicted()).isEmpty();
    }

    @Test
    void nobodyGivesWayForWhatQuotaForbids() {
        agent("a0", 4);
        cluster.run(new Command.ConfigureRole(new RoleSpec("red", 1, Resources.NONE,
                Optional.of(new Resources(1_000, 1_000, 1_000, 0)), Optional.empty())));
        running(app("/low", 4, 1, LOW));
        cluster.accept(app("/high", 3, 1, HIGH.withRole("red")).submit());
        cluster.live(2);
        assertThat(evicted()).hasSize(1);
    }

    /** What it left would be kept free for its role, and it would be placed again. */
    @Test
    void nobodyGivesWayWhoHoldsWhatHisRoleIsGuaranteed() {
        agent("a0", 4);
        cluster.run(new Command.ConfigureRole(new RoleSpec("red", 1,
                new Resources(3_000, 0, 0, 0), Optional.empty(), Optional.empty())));
        running(app("/low", 4, 1, LOW.withRole("red")));
        cluster.accept(app("/high", 4, 1, HIGH).submit());
        cluster.live(3);
        assertThat(evicted()).hasSize(1);
        assertThat(cluster.healthy("/low")).isEqualTo(3);
    }

    @Test
    void theLowestGivesWayFirst() {
        agent("a0", 2);
        agent("a1", 2);
        running(app("/middle", 2, 1, LOW.withPriority(5)));
        running(app("/low", 2, 1, LOW));
        cluster.accept(app("/high", 1, 2, HIGH).submit());
        assertThat(evicted()).containsExactly(3L, 4L);
    }

    @Test
    void fewGiveWayRatherThanMany() {
        agent("a0", 4);
        running(app("/small", 2, 1, LOW));
        running(app("/large", 1, 2, LOW));
        cluster.accept(app("/high", 1, 2, HIGH).submit());
        assertThat(evicted()).containsExactly(3L);
    }

    @Test
    void fewerOnOneAgentThanOnAnother() {
        agent("a0", 2);
        agent("a1", 2);
        running(app("/small", 2, 1, LOW));
        running(app("/large", 1, 2, LOW));
        cluster.accept(app("/high", 1, 2, HIGH).submit());
        assertThat(evicted()).containsExactly(3L);
    }

    @Test
    void amongEqualsTheYoungestGivesWay() {
        agent("a0", 2);
        agent("a1", 2);
        running(app("/low", 4, 1, LOW));
        cluster.accept(app("/high", 1, 1, HIGH).submit());
        assertThat(evicted()).containsExactly(4L);
    }

    @Test
    void bestEffortGivesWayBeforeAllOthersAndToEquals() {
        cluster.join(Specs.agent("a0", "s0", "r0", new Resources(9_000, 1_000, 1_000, 2),
                List.of()));
        running(app("/low", 1, 1, LOW.withPriority(-5)).resources(new Resources(100, 10, 0, 1)));
        running(app("/spare", 1, 1, SPARE).resources(new Resources(100, 10, 0, 1)));
        cluster.accept(app("/equal", 1, 1, Rules.NONE).resources(new Resources(100, 10, 0, 1))
                .submit());
        assertThat(evicted()).containsExactly(2L);
        cluster.quiesce();
        assertThat(cluster.healthy("/equal")).isEqualTo(1);
        assertThat(cluster.healthy("/low")).isEqualTo(1);
    }

    @Test
    void bestEffortMakesNobodyElseGiveWay() {
        agent("a0", 4);
        running(app("/low", 4, 1, LOW));
        cluster.accept(app("/spare", 1, 1, SPARE.withPriority(100)).submit());
        cluster.live(2);
        assertThat(evicted()).isEmpty();
    }

    @Test
    void bestEffortGivesWayWhereOthersTakeWhatNobodyUsed() {
        agent("a0", 4);
        running(app("/spare", 4, 1, SPARE));
        cluster.accept(app("/low", 2, 1, LOW).submit());
        assertThat(reclaimed()).containsExactlyInAnyOrder(3L, 4L);
        cluster.quiesce();
        assertThat(cluster.healthy("/spare")).isEqualTo(2);
    }

    @Test
    void bestEffortGivesWayWhenMeasuredUseRises() {
        agent("a0", 10);
        running(app("/full", 10, 1, LOW));
        measure(2_000);
        running(app("/spare", 6, 1, SPARE));
        running(app("/urgent", 1, 1, SPARE.withPriority(3)));
        assertThat(cluster.active("/spare")).hasSize(6);
        measure(4_000);
        // 9 of 10 may be used, 4 are: 5 are left for 7.
        assertThat(reclaimed()).containsExactlyInAnyOrder(15L, 16L);
        cluster.quiesce();
        assertThat(cluster.active("/urgent")).hasSize(1);
        assertThat(cluster.active("/spare")).hasSize(4);
        assertThat(cluster.active("/full")).hasSize(10);
        measure(2_000);
        assertThat(cluster.active("/spare")).hasSize(6);
    }

    @Test
    void bestEffortThatStillFitsStays() {
        agent("a0", 10);
        running(app("/full", 10, 1, LOW));
        measure(2_000);
        running(app("/spare", 5, 1, SPARE));
        measure(4_000);
        cluster.live(2);
        assertThat(reclaimed()).isEmpty();
    }

    private void measure(long cpusMilli) {
        cluster.run(new Command.MeasureAgents(List.of(
                new Command.Measure(cluster.agent("a0").spec().id(), cpusMilli, 100))));
    }

    private List<Long> reclaimed() {
        return cluster.since(mark, Event.InstancesDecommissioned.class).stream()
                .filter(event -> event.reason() == Event.Reason.RECLAIMED)
                .flatMap(event -> event.instances().stream()).toList();
    }

    @Test
    void whoHasGivenWayComesBackOnceThereIsRoom() {
        agent("a0", 4);
        running(app("/low", 4, 1, LOW));
        running(app("/high", 2, 1, HIGH));
        cluster.accept(new Command.DeleteApp(new AppId("/high")));
        cluster.quiesce();
        assertThat(cluster.healthy("/low")).isEqualTo(4);
        assertThat(cluster.app("/low").evicted()).isZero();
    }
}
