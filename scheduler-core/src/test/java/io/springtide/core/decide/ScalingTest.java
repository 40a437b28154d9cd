package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Target;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Health;
import io.springtide.core.model.Resources;
import io.springtide.core.placement.Forecast;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.StateSnapshot;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Who owns the count of an app, and what keeps it. */
class ScalingTest {

    private static final AppId WEB = new AppId("/web");
    private static final ScalingPolicy TWO_TO_TEN = new ScalingPolicy(2, 10,
            List.of(new Target(Target.Kind.REQUESTS, 100_000)));
    private static final ScalingReason LOAD = new ScalingReason(ScalingReason.TARGET, "much load");

    private final Cluster cluster = new Cluster();
    private final Specs.App app = Specs.app("/web", 3).cpus(100);

    @BeforeEach
    void anAppOfThree() {
        cluster.joinMany(4);
        cluster.accept(app.submit());
        cluster.quiesce();
    }

    private void set(ScalingPolicy policy) {
        cluster.accept(new Command.SetScaling(WEB, policy));
        cluster.quiesce();
    }

    private void scale(int count) {
        cluster.accept(new Command.Scale(WEB, count, LOAD));
        cluster.quiesce();
    }

    private AppState web() {
        return cluster.app("/web");
    }

    @Test
    void thePolicyScalesWithoutADeployment() {
        set(TWO_TO_TEN);
        int mark = cluster.journal().size();
        scale(7);
        assertThat(cluster.healthy("/web")).isEqualTo(7);
        assertThat(web().wanted()).isEqualTo(7);
        assertThat(cluster.since(mark, Event.DeploymentStarted.class)).isEmpty();
        assertThat(cluster.since(mark, Event.AppVersioned.class)).isEmpty();
        scale(2);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
    }

    @Test
    void theCountIsWithinTheBoundsAtOnceAndAlways() {
        set(new ScalingPolicy(5, 6, List.of()));
        assertThat(cluster.healthy("/web")).isEqualTo(5);
        assertThat(web().scalings()).singleElement().satisfies(one -> {
            assertThat(one.from()).isEqualTo(3);
            assertThat(one.to()).isEqualTo(5);
            assertThat(one.reason().kind()).isEqualTo(ScalingReason.POLICY);
        });
        scale(99);
        assertThat(web().wanted()).isEqualTo(6);
        set(new ScalingPolicy(1, 4, List.of()));
        assertThat(cluster.healthy("/web")).isEqualTo(4);
    }

    @Test
    void aSubmissionOnlyChangesWhatTheAppSaysOfItself() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(app.instances(1).submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(7);
        assertThat(web().current().spec().instances()).isEqualTo(1);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aDeploymentNeverResetsWhatThePolicyOwns() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(app.definition("v2").instances(3).submit());
        cluster.quiesce();
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.instances("/web", one -> one.version().spec().definition()
                .equals("v2"))).hasSize(7);
    }

    @Test
    void neitherDoesARollback() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(app.definition("v2").instances(3).submit());
        cluster.accept(new Command.CancelDeployment(2, true));
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(7);
        assertThat(web().current().spec().definition()).isEqualTo("v1");
    }

    @Test
    void aRunningDeploymentIsNotInTheWay() {
        set(TWO_TO_TEN);
        cluster.accept(app.definition("v2").submit());
        scale(8);
        assertThat(cluster.instances("/web", one -> one.active()
                && one.version().spec().definition().equals("v2"))).hasSize(8);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aHeldDeploymentIsNotInTheWayEither() {
        set(TWO_TO_TEN);
        scale(4);
        Specs.App next = app.definition("v2").canary(
                new Delivery.Stage(1, 0, Delivery.Stage.BY_HAND));
        cluster.accept(next.submit());
        cluster.quiesce();
        scale(8);
        assertThat(cluster.healthy("/web")).isEqualTo(8);
        cluster.accept(new Command.PauseDeployment(2, true));
        scale(10);
        assertThat(cluster.healthy("/web")).isEqualTo(10);
        scale(2);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
    }

    @Test
    void whoeverTakesThePolicyAwayKeepsTheCount() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(new Command.RemoveScaling(WEB));
        cluster.quiesce();
        assertThat(web().scaling()).isEmpty();
        assertThat(web().scalings()).isEmpty();
        assertThat(web().current().spec().instances()).isEqualTo(7);
        assertThat(web().current().configuredMs())
                .isEqualTo(web().versions().iterator().next().configuredMs());
        assertThat(cluster.healthy("/web")).isEqualTo(7);
        assertThat(cluster.run(new Command.RemoveScaling(WEB)))
                .isInstanceOf(Answer.Refused.class);
        cluster.accept(app.instances(2).submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(2);
    }

    @Test
    void aPolicyOnTrialOwnsNothing() {
        set(TWO_TO_TEN.withDryRun(true));
        int mark = cluster.journal().size();
        scale(7);
        scale(7);
        assertThat(cluster.since(mark, Event.AppScaled.class)).hasSize(1);
        assertThat(cluster.healthy("/web")).isEqualTo(3);
        assertThat(web().scalings()).singleElement()
                .isEqualTo(new ScalingDecision(cluster.nowMs(), 3, 7, LOAD, true));
        cluster.accept(app.instances(4).submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(4);
    }

    @Test
    void aPolicyThatGoesOnTrialLeavesTheCountAsItIs() {
        set(TWO_TO_TEN);
        scale(7);
        set(TWO_TO_TEN.withDryRun(true));
        assertThat(cluster.healthy("/web")).isEqualTo(7);
        assertThat(web().current().spec().instances()).isEqualTo(7);
    }

    @Test
    void whatALaterStepWouldChangeHasToWait() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(new Command.SubmitApps(List.of(
                new Command.AppChange(Specs.app("/db", 1)
                        .resources(new Resources(1_000_000, 1, 0, 0)).spec(),
                        Command.AppChange.ANY),
                new Command.AppChange(app.definition("v2").after("/db").spec(),
                        Command.AppChange.ANY)),
                false));
        assertThat(cluster.run(new Command.RemoveScaling(WEB))).isInstanceOfSatisfying(
                Answer.Refused.class,
                refused -> assertThat(refused.code()).isEqualTo(Answer.Code.LOCKED));
    }

    @Test
    void andSoDoesWhatHasThatCountOnlyInALaterStep() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(new Command.SubmitApps(List.of(
                new Command.AppChange(Specs.app("/db", 1)
                        .resources(new Resources(1_000_000, 1, 0, 0)).spec(),
                        Command.AppChange.ANY),
                new Command.AppChange(app.definition("v2").instances(7).after("/db").spec(),
                        Command.AppChange.ANY)),
                false));
        assertThat(code(new Command.RemoveScaling(WEB))).isEqualTo(Answer.Code.LOCKED);
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(7);
    }

    @Test
    void aCanarysPauseGoesOnWhileThePolicyScales() {
        set(TWO_TO_TEN);
        scale(4);
        cluster.accept(app.definition("v2").canary(new Delivery.Stage(-1, 500_000, 60_000))
                .submit());
        cluster.live(40);
        scale(8);
        assertThat(web().rollout().stagedMs()).isLessThan(cluster.nowMs() - 30_000);
        cluster.live(25);
        assertThat(web().rollout().stage()).isEqualTo(1);
        assertThat(cluster.healthy("/web")).isEqualTo(8);
    }

    @Test
    void aCanarysPauseDoesNotGoOnWhileOneThatWasThereIsMissing() {
        set(TWO_TO_TEN);
        scale(4);
        cluster.accept(app.definition("v2").canary(new Delivery.Stage(-1, 500_000, 60_000))
                .submit());
        cluster.live(40);
        scale(6);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.HANGS));
        List<Instance> fresh = cluster.instances("/web", one -> one.version().spec()
                .definition().equals("v2"));
        for (Instance one : fresh.subList(0, 3)) {
            cluster.say(one.number(), Condition.FAILED, Health.UNKNOWN);
        }
        assertThat(web().rollout().stagedMs()).isZero();
    }

    @Test
    void whatGivesWayToACanaryIsReplaced() {
        set(TWO_TO_TEN);
        scale(4);
        int mark = cluster.journal().size();
        cluster.accept(app.definition("v2").canary(
                new Delivery.Stage(2, 0, Delivery.Stage.BY_HAND)).submit());
        cluster.quiesce();
        assertThat(cluster.since(mark, Event.InstancesDecommissioned.class)).isNotEmpty()
                .allMatch(one -> one.reason() == Event.Reason.REPLACED);
        scale(2);
        assertThat(cluster.since(mark, Event.InstancesDecommissioned.class).getLast().reason())
                .isEqualTo(Event.Reason.REPLACED);
    }

    @Test
    void aDeploymentIsNotInTheWayOfAKillThatChangesOnlyThePolicysCount() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(app.definition("v2").canary(
                new Delivery.Stage(1, 0, Delivery.Stage.BY_HAND)).submit());
        cluster.quiesce();
        cluster.accept(new Command.KillInstances(cluster.active("/web").subList(0, 2), true,
                false));
        cluster.quiesce();
        assertThat(web().wanted()).isEqualTo(5);
        assertThat(cluster.state().deployments()).as("it goes on").hasSize(1);
    }

    @Test
    void whetherAChangeWouldFitIsAskedForThePolicysCount() {
        set(TWO_TO_TEN);
        scale(7);
        Specs.App other = app.cpus(200).instances(1);
        PlacementSettings settings = PlacementSettings.DEFAULT;
        assertThat(Forecast.fit(cluster.state(), settings, other.spec()).placeable())
                .isEqualTo(7);
        cluster.accept(new Command.RemoveScaling(WEB));
        assertThat(Forecast.fit(cluster.state(), settings, other.spec()).placeable())
                .isEqualTo(1);
    }

    @Test
    void killedAndNoLongerWantedMeansThePolicysCount() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(new Command.KillInstances(cluster.active("/web").subList(0, 6), true,
                false));
        cluster.quiesce();
        assertThat(web().wanted()).isEqualTo(2);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
        assertThat(web().scalings().getLast().reason().kind()).isEqualTo(ScalingReason.USER);
    }

    @Test
    void anotherAppOfTheSameNameBeginsWithoutThePolicy() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.run(new Command.DeleteApp(WEB));
        cluster.accept(app.instances(1).force());
        cluster.quiesce();
        assertThat(web().scaling()).isEmpty();
        assertThat(cluster.healthy("/web")).isEqualTo(1);
    }

    @Test
    void aDeleteThatIsTakenBackKeepsThePolicy() {
        set(TWO_TO_TEN);
        scale(7);
        cluster.accept(new Command.DeleteApp(WEB));
        cluster.accept(new Command.CancelDeployment(2, true));
        cluster.quiesce();
        assertThat(web().ownedByPolicy()).isTrue();
        assertThat(cluster.healthy("/web")).isEqualTo(7);
    }

    @Test
    void remembersTheLastFiftyDecisionsAlsoInASnapshot() {
        set(TWO_TO_TEN);
        for (int i = 0; i < 120; i++) {
            cluster.run(new Command.Scale(WEB, 3 + i % 7,
                    new ScalingReason(ScalingReason.TARGET, "load " + i)));
        }
        assertThat(web().scalings()).hasSize(50);
        assertThat(web().scalings().getLast().reason().sentence()).isEqualTo("load 119");
        ClusterState restored = StateSnapshot.decode(cluster.bytes());
        assertThat(restored.app(WEB).orElseThrow().scalings()).isEqualTo(web().scalings());
        assertThat(restored.app(WEB).orElseThrow().scaling()).isEqualTo(web().scaling());
        assertThat(StateSnapshot.encode(restored)).isEqualTo(cluster.bytes());
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThat(code(new Command.Scale(WEB, 5, LOAD))).isEqualTo(Answer.Code.CONFLICT);
        assertThat(code(new Command.RemoveScaling(WEB))).isEqualTo(Answer.Code.NOT_FOUND);
        AppId none = new AppId("/none");
        assertThat(code(new Command.SetScaling(none, TWO_TO_TEN)))
                .isEqualTo(Answer.Code.NOT_FOUND);
        assertThat(code(new Command.Scale(none, 5, LOAD))).isEqualTo(Answer.Code.NOT_FOUND);
    }

    private Answer.Code code(Command command) {
        Answer answer = cluster.run(command);
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused) answer).code();
    }
}
