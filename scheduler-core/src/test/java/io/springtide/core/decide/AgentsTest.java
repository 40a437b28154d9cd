package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Unreachable;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.StateSnapshot;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Agents that fall silent, come back, shrink, and report. */
class AgentsTest {

    private final Cluster cluster = new Cluster();
    private final SimAgent left = cluster.join(Specs.agent("left", "s1", "r1"));

    @BeforeEach
    void another() {
        cluster.join(Specs.agent("right", "s2", "r1"));
    }

    private void running(Specs.App app) {
        cluster.accept(app.submit());
        cluster.quiesce();
    }

    @Test
    void silentIsSuspectThenUnreachableThenReplaced() {
        running(Specs.app("/web", 2));
        cluster.silence(left);
        assertThat(condition(left)).isEqualTo(AgentCondition.SUSPECT);
        assertThat(cluster.healthy("/web")).as("a moment's silence harms nobody").isEqualTo(2);
        cluster.passMs(4_999);
        assertThat(condition(left)).isEqualTo(AgentCondition.SUSPECT);
        cluster.passMs(1);
        assertThat(condition(left)).isEqualTo(AgentCondition.UNREACHABLE);
        assertThat(cluster.healthy("/web")).isEqualTo(1);
        cluster.passMs(1);
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(2);
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
    }

    @Test
    void nothingNewGoesToASuspectAgent() {
        cluster.silence(left);
        running(Specs.app("/web", 4));
        assertThat(cluster.state().agents().instances(cluster.row(left)).size()).isZero();
        assertThat(cluster.healthy("/web")).isEqualTo(4);
    }

    @Test
    void aShortSilenceChangesNothing() {
        running(Specs.app("/web", 2));
        cluster.silence(left);
        cluster.passSeconds(4);
        cluster.connect(left);
        cluster.live(30);
        assertThat(cluster.active("/web")).containsExactly(1L, 2L);
    }

    @Test
    void ofTwoAfterAReturnTheOlderStays() {
        running(Specs.app("/web", 2).unreachable(new Unreachable(true, 0, 60_000)));
        cluster.silence(left);
        cluster.passSeconds(10);
        cluster.quiesce();
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
        cluster.connect(left);
        cluster.live(4);
        assertThat(cluster.active("/web")).containsExactly(1L, 2L);
        assertThat(cluster.instances("/web", i -> true)).hasSize(2);
        assertThat(left.held()).containsExactly(1L);
    }

    @Test
    void whatWasGivenUpIsEndedOnReturn() {
        running(Specs.app("/web", 2));
        cluster.silence(left);
        cluster.passSeconds(10);
        assertThat(cluster.state().instance(1)).isEmpty();
        cluster.connect(left);
        cluster.live(2);
        assertThat(left.held()).doesNotContain(1L);
        assertThat(cluster.active("/web")).hasSize(2);
    }

    @Test
    void waitsForEverIfToldTo() {
        running(Specs.app("/single", 1).unreachable(Unreachable.DISABLED));
        cluster.silence(left);
        cluster.passSeconds(600);
        assertThat(cluster.active("/single")).containsExactly(1L);
        assertThat(cluster.state().conditionOf(cluster.state().instance(1).orElseThrow()))
                .isEqualTo(Condition.UNREACHABLE);
        cluster.connect(left);
        assertThat(cluster.healthy("/single")).isEqualTo(1);
    }

    @Test
    void inactiveAndExpungedEachAtTheirTime() {
        running(Specs.app("/web", 2).unreachable(new Unreachable(true, 10_000, 20_000)));
        cluster.silence(left);
        cluster.passSeconds(14);
        assertThat(cluster.active("/web")).containsExactly(1L, 2L);
        cluster.passSeconds(1);
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
        assertThat(cluster.state().conditionOf(cluster.state().instance(1).orElseThrow()))
                .isEqualTo(Condition.UNREACHABLE_INACTIVE);
        cluster.passSeconds(9);
        assertThat(cluster.state().instance(1)).isPresent();
        cluster.passSeconds(1);
        assertThat(cluster.state().instance(1)).isEmpty();
    }

    @Test
    void anEmptyFolderMeansAllIsLost() {
        running(Specs.app("/web", 4));
        int mark = cluster.journal().size();
        cluster.returnWiped(left);
        assertThat(cluster.since(mark, Event.InstancesLost.class)).singleElement()
                .satisfies(lost -> assertThat(lost.instances()).containsExactly(1L, 3L));
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(4);
        assertThat(cluster.app("/web").delayMs()).as("not the app's fault").isZero();
    }

    @Test
    void aLaunchThatWasNeverConfirmedSurvivesAReconnect() {
        cluster.accept(Specs.app("/web", 2).submit());
        cluster.connect(left);
        assertThat(cluster.active("/web")).containsExactly(1L, 2L);
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(2);
    }

    @Test
    void whatWasConfirmedAndIsNotHeldIsLost() {
        running(Specs.app("/web", 2));
        cluster.returnEmpty(left);
        assertThat(cluster.state().instance(1)).isEmpty();
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
    }

    @Test
    void anAgentWithoutInstancesIsForgottenInTheEnd() {
        CoreSettings settings = new CoreSettings(5_000, 60_000, 300_000, 10_000, 10_010);
        Cluster small = new Cluster(settings);
        SimAgent gone = small.join(Specs.agent("gone", "s1", "r1"));
        small.join(Specs.agent("stays", "s1", "r1"));
        small.silence(gone);
        small.passSeconds(70);
        assertThat(small.state().agents().rowOf(gone.spec().id())).isEmpty();
        assertThat(small.state().agents().size()).isEqualTo(1);
        small.join(Specs.agent("new", "s9", "r9"));
        assertThat(small.state().agents().rowOf(new AgentId("new"))).hasValue(0);
    }

    @Test
    void anAgentThatShrinksIsNotFilledFurther() {
        running(Specs.app("/web", 8));
        left.spec(Specs.resized(left.spec(), new Resources(1_000, 512, 0, 0),
                List.of(new PortRange(40_000, 40_001))));
        cluster.connect(left);
        assertThat(cluster.state().agents().cpusFreeMilli()[cluster.row(left)]).isNegative();
        cluster.accept(Specs.app("/more", 1).submit());
        assertThat(cluster.active("/more")).isEmpty();
        byte[] bytes = cluster.bytes();
        assertThat(StateSnapshot.encode(StateSnapshot.decode(bytes))).isEqualTo(bytes);
    }

    @Test
    void overlappingPortRangesAreRefused() {
        assertThatThrownBy(() -> Specs.agent("odd", "s1", "r1", Resources.NONE,
                List.of(new PortRange(100, 110), new PortRange(50, 100))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("overlap");
    }

    @Test
    void aLaunchThatHangsIsReplaced() {
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.HANGS));
        cluster.accept(Specs.app("/web", 1).submit());
        cluster.quiesce();
        cluster.passSeconds(299);
        assertThat(cluster.active("/web")).containsExactly(1L);
        int mark = cluster.journal().size();
        cluster.passSeconds(6);
        assertThat(cluster.since(mark, Event.InstancesDecommissioned.class)).singleElement()
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Event.Reason.LAUNCH_TIMEOUT));
        assertThat(cluster.active("/web")).containsExactly(2L);
    }

    // Statuses

    @Test
    void aRepeatedBatchChangesNothing() {
        running(Specs.app("/web", 1));
        Command report = new Command.ReportStatuses(left.spec().id(), 1, 50,
                List.of(SimAgent.status(1, Condition.FAILED, Health.UNKNOWN)));
        cluster.run(report);
        byte[] before = cluster.bytes();
        cluster.run(report);
        assertThat(cluster.bytes()).isEqualTo(before);
    }

    @Test
    void anOlderBatchChangesNothing() {
        running(Specs.app("/web", 1));
        report(left, 1, 50, SimAgent.status(1, Condition.RUNNING, Health.ALIVE));
        report(left, 1, 49, SimAgent.status(1, Condition.FAILED, Health.UNKNOWN));
        assertThat(cluster.active("/web")).containsExactly(1L);
    }

    @Test
    void aBatchOfAnotherIncarnationChangesNothing() {
        running(Specs.app("/web", 1));
        report(left, 2, 50, SimAgent.status(1, Condition.FAILED, Health.UNKNOWN));
        assertThat(cluster.active("/web")).containsExactly(1L);
        assertThat(cluster.state().agents().seq(cluster.row(left))).isLessThan(50);
    }

    @Test
    void aNewIncarnationCountsItsBatchesAnew() {
        running(Specs.app("/web", 2));
        report(left, 1, 50);
        cluster.returnWiped(left);
        report(left, 2, 1);
        assertThat(cluster.state().agents().seq(cluster.row(left))).isEqualTo(1);
    }

    @Test
    void nobodySpeaksForAnotherAgent() {
        running(Specs.app("/web", 2));
        report(left, 1, 50, SimAgent.status(2, Condition.FAILED, Health.UNKNOWN),
                SimAgent.status(77, Condition.RUNNING, Health.UNKNOWN));
        assertThat(cluster.active("/web")).containsExactly(1L, 2L);
    }

    @Test
    void anUnknownAgentIsToldToRegister() {
        assertThat(cluster.run(new Command.ReportStatuses(new AgentId("stranger"), 1, 1,
                List.of()))).isInstanceOfSatisfying(Answer.Refused.class,
                        refused -> assertThat(refused.code())
                                .isEqualTo(Answer.Code.AGENT_REFUSED));
    }

    @Test
    void terminalTwiceInOneBatchCountsOnce() {
        running(Specs.app("/web", 1));
        int mark = cluster.journal().size();
        report(left, 1, 50, SimAgent.status(1, Condition.FAILED, Health.UNKNOWN),
                SimAgent.status(1, Condition.KILLED, Health.UNKNOWN),
                SimAgent.status(1, Condition.RUNNING, Health.UNKNOWN));
        assertThat(cluster.since(mark, Event.InstancesReported.class)).singleElement()
                .satisfies(e -> assertThat(e.statuses()).hasSize(1));
        assertThat(cluster.app("/web").lastFailure().orElseThrow().condition())
                .isEqualTo(Condition.FAILED);
    }

    @Test
    void whatIsFoundBesideAnEmptyFolderIsNotLost() {
        running(Specs.app("/web", 4));
        int mark = cluster.journal().size();
        cluster.run(new Command.RegisterAgent(Specs.wiped(left.spec()), List.of(1L)));
        assertThat(cluster.since(mark, Event.InstancesLost.class)).singleElement()
                .satisfies(lost -> assertThat(lost.instances()).containsExactly(3L));
        assertThat(cluster.state().instance(1).orElseThrow().seen()).isEqualTo(Condition.RUNNING);
    }

    @Test
    void whatIsFoundAndReplacedMeanwhileIsNoDouble() {
        running(Specs.app("/web", 2).unreachable(new Unreachable(true, 0, 600_000)));
        cluster.silence(left);
        cluster.passSeconds(10);
        cluster.quiesce();
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
        cluster.run(new Command.RegisterAgent(Specs.wiped(left.spec()), List.of(1L)));
        assertThat(cluster.active("/web")).as("it is heard first").containsExactly(2L, 3L);
        cluster.run(new Command.RegisterAgent(Specs.wiped(Specs.wiped(left.spec())), List.of()));
        assertThat(cluster.state().instance(1)).isEmpty();
    }

    @Test
    void conditionsOnlyMoveForward() {
        running(Specs.app("/web", 1));
        report(left, 1, 50, SimAgent.status(1, Condition.STAGING, Health.UNKNOWN));
        assertThat(cluster.state().instance(1).orElseThrow().seen()).isEqualTo(Condition.RUNNING);
    }

    @Test
    void whetherItCanBeReachedIsNotForAnAgentToSay() {
        cluster.accept(Specs.app("/web", 1).submit());
        report(left, 1, 50, SimAgent.status(1, Condition.UNREACHABLE, Health.UNKNOWN));
        assertThat(cluster.state().instance(1).orElseThrow().seen()).isEqualTo(Condition.PLACED);
    }

    private void report(SimAgent agent, long incarnation, long seq,
            InstanceStatus... statuses) {
        cluster.run(new Command.ReportStatuses(agent.spec().id(), incarnation, seq,
                List.of(statuses)));
    }

    private AgentCondition condition(SimAgent agent) {
        return cluster.state().agents().condition(cluster.row(agent));
    }
}
