package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.Unreachable;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.Instance;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Scaling, rolling changes, restart and delete, as far as instances come and go. */
class RolloutTest {

    private final Cluster cluster = new Cluster();

    @BeforeEach
    void agents() {
        cluster.joinMany(12);
    }

    private void running(Specs.App app) {
        cluster.accept(app.submit());
        cluster.quiesce();
        assertThat(cluster.healthy(app.spec().id().path())).isEqualTo(app.spec().instances());
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void scalesUpKeepingWhatRuns() {
        running(Specs.app("/web", 2));
        List<Long> before = cluster.active("/web");
        running(Specs.app("/web", 5));
        assertThat(cluster.active("/web")).hasSize(5).startsWith(before.toArray(Long[]::new));
    }

    @Test
    void scalesDownTheYoungestFirst() {
        running(Specs.app("/web", 5));
        cluster.accept(Specs.app("/web", 2).submit());
        assertThat(cluster.active("/web")).containsExactly(1L, 2L);
        assertThat(cluster.state().deployments()).hasSize(1);
        cluster.quiesce();
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.instances("/web", i -> true)).hasSize(2);
    }

    @Test
    void scalesDownTheOldestFirstIfAskedTo() {
        Specs.App app = Specs.app("/web", 5).kills(KillSelection.OLDEST_FIRST);
        running(app);
        cluster.accept(app.instances(2).submit());
        assertThat(cluster.active("/web")).containsExactly(4L, 5L);
    }

    @Test
    void endsWhatIsLeastFarFirst() {
        Specs.App app = Specs.app("/web", 2).kills(KillSelection.OLDEST_FIRST);
        running(app);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.HANGS));
        cluster.accept(app.instances(4).submit());
        cluster.agents().forEach(agent -> cluster.sync(agent, 9));
        // The oldest would go first, were the two young ones not still starting.
        cluster.accept(app.force());
        assertThat(cluster.active("/web")).containsExactly(1L, 2L);
    }

    @Test
    void endsUnreachableOnesFirst() {
        Specs.App app = Specs.app("/web", 4)
                .unreachable(Unreachable.DISABLED);
        running(app);
        SimAgent gone = agentOf(1);
        cluster.silence(gone);
        cluster.passSeconds(6);
        cluster.accept(app.instances(3).submit());
        assertThat(cluster.active("/web")).containsExactly(2L, 3L, 4L);
    }

    @Test
    void scalesToNothingAndBack() {
        running(Specs.app("/web", 3));
        running(Specs.app("/web", 0));
        assertThat(cluster.instances("/web", i -> true)).isEmpty();
        running(Specs.app("/web", 3));
        assertThat(cluster.active("/web")).containsExactly(4L, 5L, 6L);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 1, 0", "1, 0, 0", "4, 1, 1", "4, 1, 0", "4, 0.5, 0", "4, 0.5, 0.5",
            "4, 0, 0", "5, 0.3, 0.2", "10, 1, 0.1", "10, 0.9, 0", "3, 0.01, 0.99"})
    void replacesWithinItsBounds(int wanted, double healthMin, double overMax) {
        Specs.App app = Specs.app("/web", wanted).cpus(100).upgrade(healthMin, overMax)
                .healthChecked();
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.WELL));
        running(app);
        int healthyMin = (int) Math.ceil(wanted * healthMin - 1e-9);
        int activeMax = (int) Math.floor(wanted * (1 + overMax) + 1e-9);
        int bound = healthyMin == activeMax ? activeMax + 1 : activeMax;
        cluster.accept(app.definition("v2").submit());
        int rounds = 0;
        int most = 0;
        while (!cluster.state().deployments().isEmpty()) {
            assertThat(rounds++).as("rounds").isLessThan(200);
            for (SimAgent agent : cluster.agents()) {
                cluster.sync(agent, 1);
                assertThat(cluster.healthy("/web")).isGreaterThanOrEqualTo(healthyMin);
                int all = cluster.instances("/web", i -> true).size();
                assertThat(all).isLessThanOrEqualTo(bound);
                most = Math.max(most, all);
            }
        }
        assertThat(most).as("uses the room it is given").isEqualTo(
                healthyMin == wanted ? Math.min(bound, 2 * wanted) : most);
        assertThat(cluster.instances("/web", i -> true)).hasSize(wanted)
                .allMatch(i -> i.version().spec().definition().equals("v2"));
    }

    @Test
    void aNewVersionThatNeverGetsHealthyLeavesTheOldOneAlone() {
        Specs.App app = Specs.app("/web", 4).upgrade(0.5, 0.5).healthChecked();
        running(app);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.UNCHECKED));
        cluster.accept(app.definition("v2").submit());
        cluster.live(60);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
        assertThat(cluster.state().deployments()).hasSize(1);
        cluster.agents().forEach(agent -> {
            agent.fate(SimAgent.Fate.WELL);
            cluster.connect(agent);
        });
        cluster.instances("/web", i -> cluster.state().conditionOf(i) == Condition.RUNNING)
                .forEach(i -> cluster.say(i.number(), Condition.RUNNING, Health.ALIVE));
        cluster.live(2);
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.active("/web")).hasSize(4);
    }

    @Test
    void unhealthyOldOnesAreReplacedFirst() {
        Specs.App app = Specs.app("/web", 4).upgrade(0.75, 0).healthChecked();
        running(app);
        cluster.say(2, Condition.RUNNING, Health.DEAD);
        cluster.accept(app.definition("v2").submit());
        assertThat(cluster.active("/web")).containsExactly(1L, 3L, 4L);
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(4);
    }

    @Test
    void anOldVersionThatIsDownDoesNotBlockTheNewOne() {
        Specs.App app = Specs.app("/web", 3).upgrade(1, 0).healthChecked();
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.UNCHECKED));
        cluster.accept(app.submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isZero();
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.WELL));
        cluster.accept(app.definition("v2").force());
        cluster.live(3);
        assertThat(cluster.healthy("/web")).isEqualTo(3);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aChangeAndFewerAtOnce() {
        Specs.App app = Specs.app("/web", 6);
        running(app);
        running(app.definition("v2").instances(2));
        assertThat(cluster.instances("/web", i -> true)).hasSize(2)
                .allMatch(i -> i.version().spec().definition().equals("v2"));
    }

    @Test
    void restartReplacesEveryInstanceOnce() {
        running(Specs.app("/web", 3));
        Answer.Accepted accepted = cluster.accept(new Command.RestartApp(new AppId("/web"), false));
        assertThat(accepted.deployment()).isPositive();
        cluster.quiesce();
        assertThat(cluster.active("/web")).containsExactly(4L, 5L, 6L);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aSecondVersionStopsTheFirstOneHalfway() {
        Specs.App app = Specs.app("/web", 4).upgrade(0.5, 0);
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.sync(cluster.agents().get(0), 1);
        assertThat(cluster.run(app.definition("v3").submit()))
                .isInstanceOfSatisfying(Answer.Refused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(Answer.Code.LOCKED);
                    assertThat(refused.deployments()).containsExactly(2L);
                });
        cluster.accept(app.definition("v3").force());
        cluster.quiesce();
        assertThat(cluster.instances("/web", i -> true)).hasSize(4)
                .allMatch(i -> i.version().spec().definition().equals("v3"));
    }

    @Test
    void deleteEndsEverythingAndForgets() {
        running(Specs.app("/web", 3));
        cluster.accept(new Command.DeleteApp(new AppId("/web")));
        assertThat(cluster.app("/web").leaving()).isTrue();
        assertThat(cluster.active("/web")).isEmpty();
        cluster.quiesce();
        assertThat(cluster.state().apps()).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.agents()).allMatch(agent -> agent.held().isEmpty());
    }

    @Test
    void noDeploymentIsInTheWayOfADelete() {
        cluster.accept(Specs.app("/web", 3).submit());
        AppId id = new AppId("/web");
        int mark = cluster.journal().size();
        cluster.accept(new Command.DeleteApp(id));
        assertThat(cluster.since(mark, Event.DeploymentEnded.class))
                .extracting(Event.DeploymentEnded::number).containsExactly(1L);
        cluster.quiesce();
        assertThat(cluster.state().apps()).isEmpty();
    }

    @Test
    void anAppMayComeBackWhileItsOldInstancesStillEnd() {
        running(Specs.app("/web", 3));
        cluster.accept(new Command.DeleteApp(new AppId("/web")));
        cluster.accept(Specs.app("/web", 2).force());
        cluster.quiesce();
        assertThat(cluster.app("/web").leaving()).isFalse();
        assertThat(cluster.active("/web")).hasSize(2).allMatch(number -> number > 3);
    }

    @Test
    void deleteDoesNotWaitForAnAgentThatIsGone() {
        running(Specs.app("/web", 3).unreachable(Unreachable.DISABLED));
        cluster.silence(agentOf(1));
        cluster.passSeconds(6);
        cluster.accept(new Command.DeleteApp(new AppId("/web")));
        cluster.live(2);
        assertThat(cluster.state().apps()).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void noExtraInstanceWhileAKilledOneStillEnds() {
        Specs.App app = Specs.app("/single", 1).upgrade(0, 0);
        running(app);
        cluster.accept(new Command.KillInstances(List.of(1L), false, false));
        assertThat(cluster.instances("/single", i -> true)).hasSize(1);
        cluster.quiesce();
        assertThat(cluster.active("/single")).containsExactly(2L);
    }

    @Test
    void aKilledInstanceIsReplacedAtOnceWhereExtraOnesAreAllowed() {
        running(Specs.app("/web", 1));
        cluster.accept(new Command.KillInstances(List.of(1L, 1L, 99L), false, false));
        assertThat(cluster.instances("/web", i -> true)).extracting(Instance::number)
                .containsExactly(1L, 2L);
    }

    @Test
    void killAndScaleLowersTheCount() {
        running(Specs.app("/web", 4));
        Answer.Accepted accepted = cluster
                .accept(new Command.KillInstances(List.of(3L, 2L), true, false));
        assertThat(accepted.instances()).containsExactly(2L, 3L);
        assertThat(accepted.deployment()).isEqualTo(2);
        cluster.quiesce();
        assertThat(cluster.active("/web")).containsExactly(1L, 4L);
        assertThat(cluster.app("/web").wanted()).isEqualTo(2);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    private SimAgent agentOf(long number) {
        int row = cluster.state().instance(number).orElseThrow().agentRow();
        return cluster.agent(cluster.state().agents().spec(row).id().name());
    }
}
