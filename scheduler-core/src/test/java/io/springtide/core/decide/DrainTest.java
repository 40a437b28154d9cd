package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Upkeep;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Agents that are cordoned, drained and opened again. */
class DrainTest {

    private final Cluster cluster = new Cluster();

    private Command keep(SimAgent agent, Upkeep.Mode mode) {
        return new Command.KeepAgent(agent.spec().id(), mode, 0, false);
    }

    private int on(SimAgent agent) {
        return cluster.state().agents().instances(cluster.row(agent)).size();
    }

    private void running(Specs.App app) {
        cluster.accept(app.submit());
        cluster.quiesce();
    }

    @Test
    void nothingNewGoesToACordonedAgentAndWhatIsThereStays() {
        cluster.joinMany(2);
        SimAgent left = cluster.agent("a0");
        running(Specs.app("/web", 2));
        cluster.accept(keep(left, Upkeep.Mode.CORDONED));
        running(Specs.app("/more", 3));
        assertThat(on(left)).isEqualTo(1);
        assertThat(cluster.healthy("/more")).isEqualTo(3);
        cluster.accept(keep(left, Upkeep.Mode.OPEN));
        running(Specs.app("/evenmore", 2));
        assertThat(on(left)).isGreaterThan(1);
    }

    @Test
    void aNewOneIsHealthyBeforeTheOldOneEnds() {
        cluster.joinMany(2);
        SimAgent left = cluster.agent("a0");
        running(Specs.app("/web", 2).healthChecked());
        assertThat(on(left)).isEqualTo(1);
        left.fate(SimAgent.Fate.WELL);
        SimAgent right = cluster.agent("a1");
        right.fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(keep(left, Upkeep.Mode.DRAINING));
        cluster.live(5);
        assertThat(cluster.active("/web")).hasSize(3);
        assertThat(on(left)).as("nothing ends before the new one is healthy").isEqualTo(1);
        right.fate(SimAgent.Fate.WELL);
        cluster.say(3, io.springtide.core.model.Condition.RUNNING,
                io.springtide.core.model.Health.ALIVE);
        cluster.live(2);
        assertThat(on(left)).isZero();
        assertThat(cluster.healthy("/web")).isEqualTo(2);
        assertThat(cluster.since(0, Event.InstancesDecommissioned.class)).singleElement()
                .satisfies(end -> assertThat(end.reason()).isEqualTo(Event.Reason.DRAINED));
    }

    @Test
    void whatToleratesNoMoreIsEndedFirstWithinItsBounds() {
        cluster.joinMany(3);
        SimAgent left = cluster.agent("a0");
        running(Specs.app("/web", 3).upgrade(0.5, 0));
        cluster.accept(keep(left, Upkeep.Mode.DRAINING));
        cluster.live(5);
        assertThat(on(left)).isZero();
        assertThat(cluster.healthy("/web")).isEqualTo(3);
    }

    @Test
    void whatMayVaryByNothingGetsOneMoreForAMoment() {
        cluster.joinMany(3);
        SimAgent left = cluster.agent("a0");
        running(Specs.app("/web", 3).upgrade(1, 0));
        cluster.accept(keep(left, Upkeep.Mode.DRAINING));
        cluster.live(5);
        assertThat(on(left)).isZero();
        assertThat(cluster.healthy("/web")).isEqualTo(3);
    }

    @Test
    void whatFindsNoRoomStaysAndSaysWhy() {
        cluster.join(Specs.agent("left", "s1", "r1"));
        cluster.join(Specs.agent("right", "s1", "r1"));
        SimAgent left = cluster.agent("left");
        running(Specs.app("/web", 2).hostPorts(31_000));
        assertThat(on(left)).isEqualTo(1);
        cluster.accept(keep(left, Upkeep.Mode.DRAINING));
        cluster.live(30);
        assertThat(on(left)).isEqualTo(1);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
        assertThat(cluster.app("/web").missing()).isEqualTo(1);
        assertThat(cluster.app("/web").rejections().count(Rejection.CORDONED)).isEqualTo(1);
        assertThat(cluster.app("/web").rejections().count(Rejection.PORTS)).isEqualTo(1);
        cluster.accept(keep(left, Upkeep.Mode.OPEN));
        cluster.live(2);
        assertThat(cluster.app("/web").missing()).as("nobody waits any more").isZero();
    }

    @Test
    void atTheDeadlineWhatIsLeftEnds() {
        cluster.join(Specs.agent("left", "s1", "r1"));
        cluster.join(Specs.agent("right", "s1", "r1"));
        SimAgent left = cluster.agent("left");
        running(Specs.app("/web", 2).hostPorts(31_000));
        cluster.accept(new Command.KeepAgent(left.spec().id(), Upkeep.Mode.DRAINING,
                cluster.nowMs() + 10_000, false));
        cluster.live(9);
        assertThat(on(left)).isEqualTo(1);
        cluster.live(2);
        assertThat(on(left)).isZero();
        assertThat(cluster.healthy("/web")).isEqualTo(1);
    }

    @Test
    void isRefusedWhereTheOthersClearlyHaveNoRoom() {
        cluster.joinMany(1);
        SimAgent only = cluster.agent("a0");
        running(Specs.app("/web", 2));
        assertThat(cluster.run(keep(only, Upkeep.Mode.DRAINING)))
                .isInstanceOfSatisfying(Answer.Refused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(Answer.Code.CONFLICT);
                    assertThat(refused.detail()).contains("agent a0 needs");
                });
        cluster.accept(
                new Command.KeepAgent(only.spec().id(), Upkeep.Mode.DRAINING, 0, true));
        cluster.live(5);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
    }

    @Test
    void outlivesLeadersAndNewRegistrations() {
        cluster.joinMany(2);
        SimAgent left = cluster.agent("a0");
        cluster.accept(keep(left, Upkeep.Mode.DRAINING));
        cluster.connect(left);
        cluster.returnWiped(left);
        assertThat(cluster.state().agents().marks().draining(cluster.row(left))).isTrue();
        ClusterState next = StateSnapshot.decode(StateSnapshot.encode(cluster.state()));
        assertThat(next.agents().marks().upkeep(cluster.row(left)))
                .isEqualTo(cluster.state().agents().marks().upkeep(cluster.row(left)));
    }
}
