package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Restoration;
import io.springtide.core.state.StateSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A cluster that came out of a backup touches nothing until somebody, or every agent, says that it may. */
class RestoreTest {

    private static final long FAR = 1_000_000;

    private final Cluster lost = new Cluster();
    private byte[] backup = new byte[0];

    private void backUpWith(int instances) {
        lost.joinMany(3);
        lost.accept(Specs.app("/web", instances).submit());
        lost.quiesce();
        backup = lost.bytes();
    }

    private Cluster restored(boolean held) {
        return new Cluster(backup,
                new Event.ClusterRestored(lost.nowMs(), FAR, FAR, held, lost.nowMs() + 60_000));
    }

    private static List<Event> dangerous(Cluster cluster) {
        return cluster.journal().stream()
                .filter(event -> event instanceof Event.InstancesLost
                        || event instanceof Event.InstancesPlaced
                        || event instanceof Event.InstancesDecommissioned
                        || event instanceof Event.InstancesDeactivated
                        || event instanceof Event.AgentRemoved)
                .toList();
    }

    private static List<Long> held(Cluster cluster) {
        List<Long> all = new ArrayList<>();
        cluster.agents().forEach(agent -> all.addAll(agent.held()));
        return all;
    }

    @Test
    void waitsForAPersonWhenAgentsRunWhatTheBackupDoesNotKnow() {
        backUpWith(4);
        lost.accept(Specs.app("/later", 3).submit());
        lost.quiesce();
        Cluster cluster = restored(true);
        lost.agents().forEach(cluster::take);
        cluster.passSeconds(7_200);
        assertThat(dangerous(cluster)).isEmpty();
        assertThat(cluster.state().restoration().held()).isTrue();
        assertThat(cluster.state().restoration().compared().values().stream()
                .mapToInt(Restoration.Comparison::unknown).sum()).isEqualTo(3);
        assertThat(held(cluster)).hasSize(7);

        cluster.accept(new Command.ConfirmRestore());
        assertThat(cluster.state().restoration().held()).isFalse();
        cluster.agents().forEach(cluster::connect);
        cluster.quiesce();
        assertThat(cluster.active("/web")).hasSize(4);
        assertThat(held(cluster)).hasSize(4);
    }

    @Test
    void replacesWhatIsGoneOnlyAfterThePersonsWord() {
        backUpWith(6);
        SimAgent crashed = lost.agent("a1");
        List<Long> gone = crashed.held();
        assertThat(gone).isNotEmpty();
        lost.returnEmpty(crashed);
        Cluster cluster = restored(true);
        lost.agents().forEach(cluster::take);
        cluster.passSeconds(600);
        assertThat(dangerous(cluster)).isEmpty();
        assertThat(cluster.active("/web")).hasSize(6);
        assertThat(cluster.state().restoration().compared()).containsEntry(cluster.row(crashed),
                new Restoration.Comparison(0, List.copyOf(new TreeSet<>(gone))));

        cluster.accept(new Command.ConfirmRestore());
        cluster.agents().forEach(cluster::connect);
        cluster.quiesce();
        assertThat(cluster.active("/web")).hasSize(6).doesNotContainAnyElementsOf(gone);
        assertThat(held(cluster)).hasSize(6);
        assertThat(cluster.active("/web")).as("numbers far beyond those that may have been used")
                .filteredOn(number -> number >= FAR).hasSize(gone.size());
    }

    @Test
    void goesOnByItselfWhenAllAgentsHaveWhatTheBackupSays() {
        backUpWith(4);
        Cluster cluster = restored(true);
        List<SimAgent> agents = lost.agents();
        agents.subList(0, 2).forEach(cluster::take);
        cluster.passSeconds(120);
        assertThat(cluster.state().restoration().held()).as("one is not there yet").isTrue();
        cluster.take(agents.get(2));
        cluster.passSeconds(2);
        assertThat(cluster.state().restoration().held()).isFalse();
        assertThat(cluster.since(0, Event.RestoreConfirmed.class)).singleElement()
                .satisfies(event -> assertThat(event.byPerson()).isFalse());
        assertThat(dangerous(cluster)).isEmpty();
        cluster.accept(Specs.app("/web", 5).submit());
        cluster.quiesce();
        assertThat(cluster.active("/web")).hasSize(5);
    }

    @Test
    void aWipedAgentLacksOnlyWhatItHasNotFoundAgain() {
        backUpWith(6);
        SimAgent wiped = lost.agent("a1");
        assertThat(wiped.held()).isNotEmpty();
        wiped.spec(Specs.wiped(wiped.spec()));
        Cluster cluster = restored(true);
        lost.agents().forEach(cluster::take);
        assertThat(cluster.state().restoration().compared()).containsEntry(cluster.row(wiped),
                new Restoration.Comparison(0, List.of()));
        cluster.passSeconds(120);
        assertThat(cluster.state().restoration().held()).isFalse();
        cluster.quiesce();
        assertThat(dangerous(cluster)).isEmpty();
        assertThat(held(cluster)).hasSize(6);
    }

    @Test
    void givesAgentsTimeToComeThatTheBackupDoesNotKnow() {
        backUpWith(4);
        Cluster cluster = restored(true);
        lost.agents().forEach(cluster::take);
        cluster.passSeconds(50);
        assertThat(cluster.state().restoration().held()).isTrue();
        cluster.run(new Command.RegisterAgent(Specs.agent("new", "s1", "r1"), List.of(77L)));
        cluster.passSeconds(600);
        assertThat(cluster.state().restoration().held()).isTrue();
    }

    @Test
    void refusesChangesWhileItWaits() {
        backUpWith(1);
        Cluster cluster = restored(true);
        for (Command change : List.of(Specs.app("/other", 1).submit(),
                new Command.ForgetAgent(new AgentId("a0")), new Command.ReleaseStorm(),
                new Command.KillInstances(List.of(1L), false, true))) {
            assertThat(cluster.run(change)).isInstanceOfSatisfying(Answer.Refused.class, no -> {
                assertThat(no.code()).isEqualTo(Answer.Code.CONFLICT);
                assertThat(no.detail()).contains("tide restore --confirm");
            });
        }
        cluster.accept(new Command.ConfirmRestore());
        assertThat(cluster.run(new Command.ConfirmRestore()))
                .isInstanceOf(Answer.Refused.class);
        cluster.accept(Specs.app("/other", 1).submit());
    }

    @Test
    void whatWasAboutToBeLaunchedIsNeverLaunchedWithTheSameNumber() {
        lost.joinMany(1);
        lost.accept(Specs.app("/web", 2).submit());
        // Made before the agent has heard of its orders.
        backup = lost.bytes();
        lost.quiesce();
        List<Long> first = lost.active("/web");
        SimAgent agent = lost.agent("a0");
        lost.returnEmpty(agent);
        Cluster cluster = restored(true);
        cluster.take(agent);
        cluster.accept(new Command.ConfirmRestore());
        cluster.connect(agent);
        cluster.quiesce();
        assertThat(cluster.active("/web")).hasSize(2).doesNotContainAnyElementsOf(first);
    }

    @Test
    void doesNotWaitIfItWasTold() {
        backUpWith(2);
        Cluster cluster = restored(false);
        assertThat(cluster.state().restoration().held()).isFalse();
        lost.agents().forEach(cluster::take);
        cluster.accept(Specs.app("/web", 3).submit());
        cluster.quiesce();
        assertThat(cluster.active("/web")).hasSize(3);
    }

    @Test
    void aSnapshotHoldsThatItWaits() {
        backUpWith(3);
        lost.returnEmpty(lost.agent("a0"));
        Cluster cluster = restored(true);
        lost.agents().forEach(cluster::take);
        byte[] bytes = cluster.bytes();
        ClusterState again = StateSnapshot.decode(bytes);
        assertThat(again.restoration().heldMs())
                .isEqualTo(cluster.state().restoration().heldMs());
        assertThat(again.restoration().compared())
                .isEqualTo(cluster.state().restoration().compared());
        assertThat(StateSnapshot.encode(again)).isEqualTo(bytes);
    }

    @Test
    void aLogWithoutItsSnapshotIsNoEmptyCluster() {
        assertThatThrownBy(() -> new ClusterState()
                .apply(new Event.ClusterRestored(1, FAR, FAR, true, 2)))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("snapshot");
    }
}
