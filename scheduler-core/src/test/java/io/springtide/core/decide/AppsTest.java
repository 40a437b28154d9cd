package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Versions, deployments and service ports. */
class AppsTest {

    private static final CoreSettings TEN_PORTS = new CoreSettings(5_000, 60_000, 300_000, 10_000,
            10_009);

    private final Cluster cluster = new Cluster(TEN_PORTS);

    private void agents() {
        cluster.joinMany(6);
    }

    @Test
    void aChangeThatChangesNothingIsADeploymentThatHasEnded() {
        agents();
        Specs.App app = Specs.app("/web", 2);
        cluster.accept(app.submit());
        cluster.quiesce();
        int mark = cluster.journal().size();
        Answer.Accepted accepted = cluster.accept(app.submit());
        assertThat(accepted.deployment()).isEqualTo(2);
        assertThat(cluster.since(mark, Event.class)).hasSize(2);
        assertThat(cluster.since(mark, Event.DeploymentEnded.class)).singleElement()
                .satisfies(ended -> assertThat(ended.outcome())
                        .isEqualTo(Event.DeploymentEnded.Outcome.SUCCEEDED));
        assertThat(cluster.app("/web").versions()).hasSize(1);
    }

    @Test
    void saysWhatADeploymentDoes() {
        agents();
        cluster.accept(Specs.app("/web", 2).submit());
        cluster.quiesce();
        cluster.accept(Specs.app("/web", 3).submit());
        cluster.quiesce();
        cluster.accept(Specs.app("/web", 3).definition("v2").submit());
        cluster.quiesce();
        cluster.accept(new Command.DeleteApp(new AppId("/web")));
        assertThat(cluster.since(0, Event.DeploymentStarted.class))
                .extracting(started -> started.deployment().actions().get(0).kind())
                .containsExactly(DeploymentAction.Kind.START, DeploymentAction.Kind.SCALE,
                        DeploymentAction.Kind.RESTART, DeploymentAction.Kind.STOP);
    }

    @Test
    void scalingKeepsTheConfigurationsAge() {
        cluster.accept(Specs.app("/web", 0).submit());
        cluster.passSeconds(1);
        long configured = cluster.app("/web").current().configuredMs();
        cluster.accept(Specs.app("/web", 1).force());
        assertThat(cluster.app("/web").current().configuredMs()).isEqualTo(configured);
        assertThat(cluster.app("/web").current().versionMs()).isGreaterThan(configured);
    }

    @Test
    void versionsRiseEvenWithinAMillisecond() {
        for (int i = 0; i < 5; i++) {
            cluster.accept(Specs.app("/web", 1).definition("v" + i).force());
        }
        assertThat(cluster.app("/web").versions()).extracting(v -> v.versionMs()).isSorted()
                .doesNotHaveDuplicates().hasSize(5);
    }

    @Test
    void oldVersionsAreDroppedButForThoseThatRun() {
        agents();
        cluster.accept(Specs.app("/web", 1).submit());
        cluster.quiesce();
        long first = cluster.app("/web").current().versionMs();
        // Nothing answers any more: the first version keeps running.
        for (int i = 2; i < 200; i++) {
            cluster.accept(Specs.app("/web", 1).definition("v" + i).cpus(90_000).force());
        }
        assertThat(cluster.app("/web").versions()).hasSize(50);
        assertThat(cluster.app("/web").version(first)).isPresent();
    }

    @Test
    void severalAppsAreOneDeployment() {
        agents();
        Answer.Accepted accepted = cluster.accept(new Command.SubmitApps(
                List.of(new Command.AppChange(Specs.app("/a", 1).spec(), Command.AppChange.ANY),
                        new Command.AppChange(Specs.app("/b", 1).spec(), Command.AppChange.ANY)),
                false));
        assertThat(cluster.app("/a").deployment()).isEqualTo(accepted.deployment());
        cluster.sync(cluster.agent("a0"), 9);
        assertThat(cluster.state().deployments()).as("one of the two runs").hasSize(1);
        cluster.quiesce();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void allOrNothing() {
        cluster.accept(Specs.app("/b", 1).submit());
        assertThat(cluster.run(new Command.SubmitApps(
                List.of(new Command.AppChange(Specs.app("/a", 1).spec(), Command.AppChange.ANY),
                        new Command.AppChange(Specs.app("/b", 2).spec(), Command.AppChange.ANY)),
                false))).isInstanceOf(Answer.Refused.class);
        assertThat(cluster.state().app(new AppId("/a"))).isEmpty();
    }

    @Test
    void mindsTheVersionAChangeWasMadeFrom() {
        cluster.accept(Specs.app("/web", 0).submit());
        long version = cluster.app("/web").current().versionMs();
        assertThat(code(change(Specs.app("/web", 1), Command.AppChange.ABSENT)))
                .isEqualTo(Answer.Code.EXISTS);
        assertThat(code(change(Specs.app("/web", 1), version + 1))).isEqualTo(Answer.Code.STALE);
        assertThat(code(change(Specs.app("/new", 1), 7))).isEqualTo(Answer.Code.STALE);
        cluster.accept(change(Specs.app("/web", 1), version));
    }

    @Test
    void unknownAppsAndDeploymentsAreRefused() {
        AppId none = new AppId("/none");
        assertThat(code(new Command.DeleteApp(none))).isEqualTo(Answer.Code.NOT_FOUND);
        assertThat(code(new Command.RestartApp(none, false))).isEqualTo(Answer.Code.NOT_FOUND);
        assertThat(code(new Command.CancelDeployment(9, true))).isEqualTo(Answer.Code.NOT_FOUND);
    }

    @Test
    void cancelWithoutRollbackStopsWhereItIs() {
        agents();
        Specs.App app = Specs.app("/web", 2);
        cluster.accept(app.submit());
        cluster.quiesce();
        cluster.accept(app.definition("v2").submit());
        cluster.accept(new Command.CancelDeployment(2, false));
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.app("/web").deployment()).isZero();
        assertThat(cluster.app("/web").current().spec().definition()).isEqualTo("v2");
    }

    @Test
    void rollbackGoesBackToWhatWas() {
        agents();
        Specs.App app = Specs.app("/web", 3).upgrade(1, 0);
        cluster.accept(app.submit());
        cluster.quiesce();
        cluster.accept(app.definition("v2").instances(2).submit());
        Answer.Accepted accepted = cluster.accept(new Command.CancelDeployment(2, true));
        assertThat(accepted.deployment()).isEqualTo(3);
        assertThat(cluster.app("/web").current().spec()).isEqualTo(
                cluster.app("/web").versions().iterator().next().spec());
        cluster.quiesce();
        assertThat(cluster.active("/web")).as("nothing was touched in vain").hasSize(3)
                .contains(1L, 2L);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void rollbackOfAFirstVersionRemovesTheApp() {
        agents();
        cluster.accept(Specs.app("/web", 3).submit());
        cluster.accept(new Command.CancelDeployment(1, true));
        cluster.quiesce();
        assertThat(cluster.state().apps()).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void rollbackOfADeleteKeepsTheApp() {
        agents();
        cluster.accept(Specs.app("/web", 3).submit());
        cluster.quiesce();
        cluster.accept(new Command.DeleteApp(new AppId("/web")));
        cluster.accept(new Command.CancelDeployment(2, true));
        cluster.quiesce();
        assertThat(cluster.app("/web").leaving()).isFalse();
        assertThat(cluster.healthy("/web")).isEqualTo(3);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void servicePortsAreChosenOnceAndKept() {
        cluster.accept(Specs.app("/a", 0).servicePorts(0, 0).submit());
        cluster.accept(Specs.app("/b", 0).servicePorts(0).submit());
        assertThat(ports("/a")).containsExactly(10_000, 10_001);
        assertThat(ports("/b")).containsExactly(10_002);
        cluster.accept(Specs.app("/a", 0).definition("v2").servicePorts(0, 0, 0).submit());
        assertThat(ports("/a")).containsExactly(10_000, 10_001, 10_003);
        cluster.accept(Specs.app("/a", 0).definition("v3").servicePorts(0).submit());
        assertThat(ports("/a")).containsExactly(10_000);
        cluster.accept(Specs.app("/c", 0).servicePorts(0).submit());
        assertThat(ports("/c")).containsExactly(10_001);
    }

    @Test
    void aPortAskedForElsewhereInTheRequestIsNotChosen() {
        cluster.accept(new Command.SubmitApps(
                List.of(new Command.AppChange(Specs.app("/a", 0).servicePorts(0).spec(),
                        Command.AppChange.ANY),
                        new Command.AppChange(Specs.app("/b", 0).servicePorts(10_000).spec(),
                                Command.AppChange.ANY)),
                false));
        assertThat(ports("/a")).containsExactly(10_001);
        assertThat(ports("/b")).containsExactly(10_000);
    }

    @Test
    void appsOfOneRequestGetDifferentPorts() {
        cluster.accept(new Command.SubmitApps(
                List.of(new Command.AppChange(Specs.app("/a", 0).spec(), Command.AppChange.ANY),
                        new Command.AppChange(Specs.app("/b", 0).spec(), Command.AppChange.ANY)),
                false));
        assertThat(ports("/a")).containsExactly(10_000);
        assertThat(ports("/b")).containsExactly(10_001);
    }

    @Test
    void aPortOfSomethingThatIsPlannedIsNotChosenForAnother() {
        agents();
        cluster.accept(Specs.app("/a", 1).submit());
        cluster.accept(Specs.app("/b", 1).servicePorts(9_000).submit());
        cluster.quiesce();
        cluster.accept(new Command.SubmitApps(List.of(
                new Command.AppChange(Specs.app("/a", 1).definition("v2").spec(),
                        Command.AppChange.ANY),
                new Command.AppChange(Specs.app("/b", 1).definition("v2").servicePorts(10_001)
                        .after("/a").spec(), Command.AppChange.ANY)),
                false));
        assertThat(ports("/b")).containsExactly(9_000);
        cluster.accept(Specs.app("/c", 0).servicePorts(0).submit());
        assertThat(ports("/c")).containsExactly(10_002);
    }

    @Test
    void portsOfAnAppThatIsGoneAreFreeAgainAlsoAfterARestart() {
        cluster.accept(Specs.app("/a", 0).servicePorts(0, 0).submit());
        cluster.accept(Specs.app("/twin", 0).servicePorts(10_000).submit());
        cluster.accept(new Command.DeleteApp(new AppId("/a")));
        cluster.settle();
        ClusterState restored = StateSnapshot.decode(StateSnapshot.encode(cluster.state()));
        for (ClusterState state : List.of(cluster.state(), restored)) {
            assertThat(state.servicePorts().size()).isEqualTo(1);
            assertThat(state.servicePorts().nextFree(10_000)).isEqualTo(10_001);
        }
    }

    @Test
    void saysWhenServicePortsRunOut() {
        cluster.accept(Specs.app("/a", 0).servicePorts(0, 0, 0, 0, 0, 0, 0, 0, 0).submit());
        Answer answer = cluster.run(Specs.app("/b", 0).servicePorts(0, 0).submit());
        assertThat(answer).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(Answer.Code.EXHAUSTED);
            assertThat(refused.detail()).contains("[10000-10010)");
        });
        cluster.accept(Specs.app("/b", 0).servicePorts(0).submit());
    }

    @Test
    void theSameHostPortTwiceIsRefused() {
        assertThatThrownBy(() -> Specs.app("/web", 1).hostPorts(80, 0, 80))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("twice");
    }

    @Test
    void aClusterIsFoundedOnce() {
        int mark = cluster.journal().size();
        cluster.run(new Command.FoundCluster("ffffffffffffffff"));
        assertThat(cluster.since(mark, Event.class)).as("another reign, the same cluster")
                .containsExactly(new Event.ReignBegan(cluster.nowMs()));
        assertThat(cluster.state().clusterId()).isEqualTo("0123456789abcdef");
    }

    private static Command change(Specs.App app, long base) {
        return new Command.SubmitApps(List.of(new Command.AppChange(app.spec(), base)), false);
    }

    private Answer.Code code(Command command) {
        Answer answer = cluster.run(command);
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused) answer).code();
    }

    private List<Integer> ports(String path) {
        return cluster.app(path).current().spec().servicePorts();
    }
}
