package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.Readiness;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.Instance;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Readiness, pauses, canary stages and blue-green: how what is new takes the place of what is old. */
class DeliveryTest {

    private static final Delivery.Stage ONE_BY_HAND = new Delivery.Stage(1, 0,
            Delivery.Stage.BY_HAND);
    private static final Delivery.Stage HALF_A_MINUTE = new Delivery.Stage(-1, 500_000, 60_000);

    private final Cluster cluster = new Cluster();

    @BeforeEach
    void agents() {
        cluster.joinMany(12);
    }

    private void running(Specs.App app) {
        cluster.accept(app.submit());
        cluster.quiesce();
        if (app.spec().delivery().readinessChecked()) {
            ready(app.spec().id().path());
        }
        assertThat(cluster.state().deployments()).isEmpty();
    }

    /** Every instance that runs says that it is ready. */
    private void ready(String path) {
        cluster.instances(path, one -> one.active() && one.seen() == Condition.RUNNING)
                .forEach(one -> ready(one, true));
    }

    private void ready(Instance instance, boolean ready) {
        InstanceStatus plain = SimAgent.status(instance.number(), Condition.RUNNING, Health.ALIVE);
        cluster.say(plain.with(List.of(), Optional.of(new Readiness(ready, 200, "", ""))));
    }

    private List<Long> of(String definition) {
        return cluster.instances("/web", one -> one.active()
                && one.version().spec().definition().equals(definition)).stream()
                .map(Instance::number).toList();
    }

    private Answer promote() {
        return cluster.run(new Command.PromoteDeployment(deployment()));
    }

    private long deployment() {
        return cluster.state().deployments().iterator().next().number();
    }

    private void pause(boolean held) {
        cluster.accept(new Command.PauseDeployment(deployment(), held));
    }

    private DeploymentProgress.Action progress() {
        return DeploymentProgress.of(cluster.state(),
                cluster.state().deployments().iterator().next(), cluster.nowMs()).actions()
                .getFirst();
    }

    private static Answer.Code code(Answer answer) {
        return ((Answer.Refused) answer).code();
    }

    @Test
    void aNewOneCountsOnlyOnceItIsReady() {
        Specs.App app = Specs.app("/web", 2).readinessChecked();
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        assertThat(of("v1")).hasSize(2);
        assertThat(of("v2")).hasSize(2);
        assertThat(progress().why()).isEqualTo(DeploymentProgress.Why.READINESS);
        assertThat(progress().freshHealthy()).isEqualTo(2);
        assertThat(progress().freshReady()).isZero();
        ready(cluster.instances("/web", one -> one.number() == of("v2").getFirst()).getFirst(),
                true);
        assertThat(of("v1")).hasSize(1);
        ready("/web");
        cluster.quiesce();
        assertThat(of("v1")).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void whoSaysThatItIsNotReadyIsNot() {
        Specs.App app = Specs.app("/web", 1).readinessChecked();
        cluster.accept(app.submit());
        cluster.quiesce();
        ready(cluster.instances("/web", Instance::active).getFirst(), false);
        assertThat(cluster.state().deployments()).hasSize(1);
        ready("/web");
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void readinessMattersOnlyWhileSomethingIsDeployed() {
        running(Specs.app("/web", 2).readinessChecked());
        cluster.say(1, Condition.FAILED, Health.UNKNOWN);
        cluster.live(3);
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
    }

    @Test
    void aPauseHoldsEverythingButMakesUpForTheDead() {
        Specs.App app = Specs.app("/web", 4).upgrade(0.5, 0.25);
        running(app);
        cluster.accept(app.definition("v2").submit());
        while (of("v2").size() < 2) {
            cluster.agents().stream().filter(agent -> of("v2").size() < 2)
                    .forEach(agent -> cluster.sync(agent, 1));
        }
        List<Long> old = of("v1");
        List<Long> fresh = of("v2");
        assertThat(old).isNotEmpty();
        assertThat(fresh).isNotEmpty().hasSizeLessThan(4);
        pause(true);
        assertThat(code(cluster.run(new Command.PauseDeployment(deployment(), true))))
                .isEqualTo(Answer.Code.CONFLICT);
        cluster.live(3);
        assertThat(of("v1")).isEqualTo(old);
        assertThat(of("v2")).isEqualTo(fresh);
        assertThat(progress().why()).isEqualTo(DeploymentProgress.Why.PAUSED);
        cluster.say(fresh.getFirst(), Condition.FAILED, Health.UNKNOWN);
        cluster.live(3);
        assertThat(of("v2")).hasSize(fresh.size()).doesNotContain(fresh.getFirst());
        assertThat(of("v1")).isEqualTo(old);
        pause(false);
        cluster.quiesce();
        assertThat(of("v2")).hasSize(4);
        assertThat(of("v1")).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.app("/web").rollout().paused()).isFalse();
    }

    @Test
    void aPausedScaleIsMadeUpToItsCount() {
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.HANGS));
        running(Specs.app("/web", 0));
        cluster.accept(Specs.app("/web", 3).submit());
        pause(true);
        cluster.accept(new Command.KillInstances(List.of(1L), false, false));
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.WELL));
        cluster.live(2);
        assertThat(cluster.active("/web")).containsExactly(2L, 3L, 4L);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aPauseKeepsWhatIsTooMany() {
        running(Specs.app("/web", 2));
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.HANGS));
        cluster.accept(Specs.app("/web", 4).submit());
        pause(true);
        cluster.accept(Specs.app("/web", 1).force());
        assertThat(cluster.active("/web")).as("another deployment is not paused").hasSize(1);
    }

    @Test
    void aPausedDeploymentEndsNoOldOneWhenNewOnesGetHealthy() {
        Specs.App app = Specs.app("/web", 3).healthChecked();
        running(app);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.UNCHECKED));
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        pause(true);
        of("v2").forEach(number -> cluster.say(number, Condition.RUNNING, Health.ALIVE));
        assertThat(of("v1")).hasSize(3);
        pause(false);
        assertThat(of("v1")).isEmpty();
    }

    @Test
    void canaryStagesLetInFewAndKeepTheRest() {
        Specs.App app = Specs.app("/web", 4).canary(ONE_BY_HAND, HALF_A_MINUTE);
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.live(5);
        assertThat(of("v2")).hasSize(1);
        assertThat(of("v1")).hasSize(3);
        assertThat(progress()).satisfies(action -> {
            assertThat(action.why()).isEqualTo(DeploymentProgress.Why.CANARY);
            assertThat(action.untilMs()).isZero();
            assertThat(action.stage()).isZero();
            assertThat(action.stages()).isEqualTo(2);
            assertThat(action.stageInstances()).isEqualTo(1);
        });
        assertThat(promote()).isInstanceOf(Answer.Accepted.class);
        cluster.quiesce();
        assertThat(of("v2")).hasSize(2);
        assertThat(of("v1")).hasSize(2);
        assertThat(progress().untilMs()).isEqualTo(cluster.nowMs() + 60_000);
        cluster.live(59);
        assertThat(of("v2")).hasSize(2);
        cluster.live(2);
        assertThat(of("v2")).hasSize(4);
        assertThat(of("v1")).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aStageWithoutAPauseGoesOnOnceHealthy() {
        Specs.App app = Specs.app("/web", 4).healthChecked()
                .canary(new Delivery.Stage(1, 0, 0), new Delivery.Stage(2, 0, 0));
        running(app);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.UNCHECKED));
        cluster.accept(app.definition("v2").submit());
        cluster.live(3);
        assertThat(of("v2")).hasSize(1);
        cluster.say(of("v2").getFirst(), Condition.RUNNING, Health.ALIVE);
        cluster.live(3);
        assertThat(of("v2")).hasSize(2);
        assertThat(of("v1")).hasSize(3);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.WELL));
        cluster.say(of("v2").get(1), Condition.RUNNING, Health.ALIVE);
        cluster.live(3);
        assertThat(of("v2")).hasSize(4);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aPauseCountsFromWhenEverythingIsHealthyAgain() {
        Specs.App app = Specs.app("/web", 4).healthChecked().canary(HALF_A_MINUTE);
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.live(30);
        long canary = of("v2").getFirst();
        cluster.say(canary, Condition.RUNNING, Health.DEAD);
        cluster.live(1);
        assertThat(progress().why()).isEqualTo(DeploymentProgress.Why.HEALTH);
        cluster.say(canary, Condition.RUNNING, Health.ALIVE);
        cluster.live(50);
        assertThat(of("v2")).hasSize(2);
        cluster.live(12);
        assertThat(of("v2")).hasSize(4);
    }

    @Test
    void nothingIsPromotedThatDoesNotWait() {
        Specs.App app = Specs.app("/web", 4).healthChecked().canary(ONE_BY_HAND);
        running(app);
        assertThat(code(cluster.run(new Command.PromoteDeployment(99))))
                .isEqualTo(Answer.Code.NOT_FOUND);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.UNCHECKED));
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        assertThat(code(promote())).isEqualTo(Answer.Code.CONFLICT);
        cluster.say(of("v2").getFirst(), Condition.RUNNING, Health.ALIVE);
        pause(true);
        assertThat(code(promote())).isEqualTo(Answer.Code.CONFLICT);
        pause(false);
        assertThat(promote()).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void theWayBackGoesThroughNoStages() {
        Specs.App app = Specs.app("/web", 4).canary(ONE_BY_HAND);
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        promote();
        cluster.sync(cluster.agents().getFirst(), 1);
        cluster.accept(new Command.CancelDeployment(deployment(), true));
        cluster.quiesce();
        assertThat(of("v1")).hasSize(4);
        assertThat(of("v2")).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void blueGreenSwapsAllAtOnce() {
        Specs.App app = Specs.app("/web", 4).upgrade(1, 0).healthChecked().blueGreen(false);
        running(app);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.UNCHECKED));
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        assertThat(of("v1")).hasSize(4);
        assertThat(of("v2")).hasSize(4);
        of("v2").subList(0, 3)
                .forEach(number -> cluster.say(number, Condition.RUNNING, Health.ALIVE));
        assertThat(of("v1")).hasSize(4);
        int mark = cluster.journal().size();
        cluster.say(of("v2").get(3), Condition.RUNNING, Health.ALIVE);
        assertThat(of("v1")).isEmpty();
        assertThat(cluster.since(mark, Event.InstancesDecommissioned.class)).singleElement()
                .satisfies(ending -> {
                    assertThat(ending.instances()).hasSize(4);
                    assertThat(ending.reason()).isEqualTo(Event.Reason.REPLACED);
                });
        cluster.quiesce();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void blueGreenByHandWaitsForAPromotion() {
        Specs.App app = Specs.app("/web", 2).blueGreen(true);
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.live(5);
        assertThat(of("v1")).hasSize(2);
        assertThat(of("v2")).hasSize(2);
        assertThat(progress().why()).isEqualTo(DeploymentProgress.Why.PROMOTION);
        promote();
        cluster.quiesce();
        assertThat(of("v1")).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void blueGreenGoesBackWithoutAsking() {
        Specs.App app = Specs.app("/web", 2).blueGreen(true);
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        cluster.accept(new Command.CancelDeployment(deployment(), true));
        cluster.quiesce();
        assertThat(of("v1")).hasSize(2);
        assertThat(of("v2")).isEmpty();
        assertThat(cluster.state().deployments()).isEmpty();
    }
}
