package io.springtide.core.decide;

import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Standby;
import io.springtide.core.elasticity.Target;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.Upkeep;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.Instance;
import io.springtide.core.state.StateSnapshot;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Instances that wait frozen for a flood. */
class StandbysTest {

    private static final AppId WEB = new AppId("/web");
    private static final ScalingPolicy POLICY = new ScalingPolicy(1, 20,
            List.of(new Target(Target.Kind.REQUESTS, 100_000)));
    private static final ScalingReason FLOOD = new ScalingReason(ScalingReason.BURST, "a flood");

    private final Cluster cluster = new Cluster();
    private final Specs.App app = Specs.app("/web", 2).cpus(500);

    private void start(int agents, Standby standby) {
        cluster.joinMany(agents);
        cluster.accept(app.submit());
        cluster.accept(new Command.SetScaling(WEB, POLICY.withStandby(standby)));
        cluster.quiesce();
    }

    private List<Instance> frozen() {
        return cluster.instances("/web",
                one -> one.standby() && one.seen() == Condition.PAUSED);
    }

    private void scale(int count) {
        cluster.accept(new Command.Scale(WEB, count, FLOOD));
    }

    @Test
    void areStartedBehindTheWantedOnesAndServeNobody() {
        start(4, new Standby(3, 0));
        assertThat(frozen()).hasSize(3).allMatch(one -> one.goal() == Goal.STANDBY);
        assertThat(cluster.active("/web")).hasSize(2);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
        assertThat(cluster.app("/web").standbys()).isEqualTo(3);
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.since(0, Event.InstancesPlaced.class)).hasSize(2);
        assertThat(cluster.since(0, Event.InstancesPlaced.class).get(1).standby()).isTrue();
    }

    @Test
    void takeUpAFloodBeforeAnythingIsLaunched() {
        start(4, new Standby(3, 0));
        List<Long> before = frozen().stream().map(Instance::number).toList();
        int mark = cluster.journal().size();
        scale(4);
        assertThat(cluster.since(mark, Event.InstancesPlaced.class))
                .as("nothing new before they run").isEmpty();
        assertThat(cluster.since(mark, Event.InstancesPromoted.class)).singleElement()
                .satisfies(promoted -> assertThat(before).containsAll(promoted.instances()));
        assertThat(cluster.active("/web")).hasSize(4);
        assertThat(cluster.healthy("/web")).as("launched, not yet thawed").isEqualTo(2);
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(4);
        assertThat(frozen()).as("the next flood can wait").hasSize(1);
        cluster.passSeconds(29);
        assertThat(cluster.app("/web").standbys()).isEqualTo(1);
        scale(5);
        cluster.passSeconds(29);
        assertThat(cluster.app("/web").standbys()).as("it has grown again").isZero();
        cluster.passSeconds(2);
        cluster.quiesce();
        assertThat(frozen()).as("made up for").hasSize(3);
    }

    @Test
    void whatTheyDoNotTakeUpIsLaunched() {
        start(4, new Standby(3, 0));
        int mark = cluster.journal().size();
        scale(7);
        assertThat(cluster.since(mark, Event.InstancesPromoted.class)).singleElement()
                .satisfies(promoted -> assertThat(promoted.instances()).hasSize(3));
        assertThat(cluster.since(mark, Event.InstancesPlaced.class)).singleElement()
                .satisfies(placed -> {
                    assertThat(placed.standby()).isFalse();
                    assertThat(placed.agentRows()).hasSize(2);
                });
    }

    @Test
    void theLeastLoadedAgentsGoFirst() {
        start(4, new Standby(4, 0));
        List<Instance> frozen = frozen();
        int idle = frozen.get(2).agentRow();
        for (SimAgent agent : cluster.agents()) {
            cluster.run(new Command.MeasureAgents(List.of(new Command.Measure(agent.spec().id(),
                    cluster.row(agent) == idle ? 100 : 3_000, 100))));
        }
        int mark = cluster.journal().size();
        scale(3);
        long promoted = cluster.since(mark, Event.InstancesPromoted.class).get(0).instances()
                .get(0);
        assertThat(cluster.state().instance(promoted).orElseThrow().agentRow()).isEqualTo(idle);
    }

    @Test
    void oneThatDiesOfItselfIsReplacedByAStandbyAtOnce() {
        start(4, new Standby(1, 0));
        long standby = frozen().get(0).number();
        long dead = cluster.active("/web").get(0);
        SimAgent agent = cluster.agents().stream().filter(one -> one.held().contains(dead))
                .findFirst().orElseThrow();
        cluster.end(agent, dead, Condition.FAILED);
        assertThat(cluster.active("/web")).contains(standby);
    }

    @Test
    void thoseThatAreTooManyEnd() {
        start(4, new Standby(0, 200));
        assertThat(frozen()).hasSize(4);
        scale(1);
        cluster.quiesce();
        assertThat(frozen()).hasSize(2);
        cluster.accept(new Command.SetScaling(WEB, POLICY));
        cluster.quiesce();
        assertThat(cluster.app("/web").instances().size()).isEqualTo(1);
    }

    @Test
    void aPolicyOnTrialAndTheLackOfOneKeepNone() {
        start(4, new Standby(3, 0));
        cluster.accept(new Command.SetScaling(WEB,
                POLICY.withStandby(new Standby(3, 0)).withDryRun(true)));
        cluster.quiesce();
        assertThat(cluster.app("/web").standbys()).isZero();
    }

    @Test
    void anotherConfigurationMakesThemAnew() {
        start(4, new Standby(2, 0));
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(frozen()).hasSize(2)
                .allMatch(one -> one.version().spec().definition().equals("v2"));
        assertThat(cluster.app("/web").instances().size()).isEqualTo(4);
    }

    @Test
    void theIllAndThoseOnDrainedAgentsGiveWayToOthers() {
        start(4, new Standby(2, 0));
        Instance ill = frozen().get(0);
        cluster.say(new InstanceStatus(ill.number(), Condition.PAUSED, -1, "", "", Health.DEAD, 3,
                true));
        cluster.live(5);
        assertThat(frozen()).hasSize(2).doesNotContain(ill);
        Instance moved = frozen().get(0);
        cluster.accept(new Command.KeepAgent(
                cluster.state().agents().spec(moved.agentRow()).id(), Upkeep.Mode.DRAINING, 0,
                true));
        cluster.quiesce();
        assertThat(frozen()).hasSize(2).noneMatch(one -> one.agentRow() == moved.agentRow());
    }

    @Test
    void areNotPromotedOnASilentAgentAndAreReplacedOnceItIsGivenUp() {
        start(3, new Standby(1, 0));
        Instance lonely = frozen().get(0);
        SimAgent agent = cluster.agents().stream()
                .filter(one -> one.held().contains(lonely.number())).findFirst().orElseThrow();
        cluster.silence(agent);
        scale(4);
        assertThat(cluster.state().instance(lonely.number()).orElseThrow().standby()).isTrue();
        cluster.live(600);
        cluster.connect(agent);
        cluster.live(60);
        assertThat(frozen()).hasSize(1);
        assertThat(cluster.healthy("/web")).isEqualTo(4);
    }

    @Test
    void goWithTheirApp() {
        start(4, new Standby(3, 0));
        cluster.accept(new Command.DeleteApp(WEB));
        cluster.quiesce();
        assertThat(cluster.state().apps()).isEmpty();
        assertThat(cluster.state().instanceCount()).isZero();
    }

    @Test
    void neverPushOthersOutButGiveWay() {
        cluster.join(Specs.agent("a", "s", "r", new Resources(3_000, 8_192, 0, 0),
                List.of(new PortRange(31_000, 31_099))));
        cluster.accept(Specs.app("/low", 2).cpus(500).rules(Rules.NONE.withPriority(-10))
                .submit());
        cluster.accept(app.submit());
        cluster.accept(new Command.SetScaling(WEB, POLICY.withStandby(new Standby(5, 0))));
        cluster.quiesce();
        assertThat(cluster.healthy("/low")).isEqualTo(2);
        assertThat(frozen()).as("as many as there is room for").hasSize(2);
        cluster.accept(Specs.app("/other", 1).cpus(800).rules(Rules.NONE.withPriority(-20))
                .submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/other")).isEqualTo(1);
        assertThat(cluster.app("/web").evicted()).isZero();
        assertThat(frozen()).isEmpty();
        assertThat(cluster.healthy("/web")).isEqualTo(2);
    }

    @Test
    void anAgentThatNeverThawsItIsNotWaitedForForever() {
        start(4, new Standby(1, 0));
        long standby = frozen().get(0).number();
        cluster.passSeconds(1_000);
        scale(3);
        assertThat(cluster.active("/web")).contains(standby);
        cluster.passSeconds(9);
        assertThat(cluster.active("/web")).as("a thaw is given a moment").contains(standby);
        cluster.passSeconds(6);
        assertThat(cluster.active("/web")).doesNotContain(standby);
    }

    @Test
    void anAgentThatWasSilentHasItsTimeToThawOnceItIsBack() {
        start(4, new Standby(1, 0));
        Instance standby = frozen().get(0);
        scale(3);
        SimAgent agent = cluster.agents().stream()
                .filter(one -> one.held().contains(standby.number())).findFirst().orElseThrow();
        cluster.silence(agent);
        cluster.passSeconds(4);
        cluster.connect(agent);
        cluster.passSeconds(8);
        assertThat(cluster.active("/web")).contains(standby.number());
    }

    @Test
    void oneThatWarmsUpForLongIsLeftToIt() {
        List<Long> warming = warming(3);
        warming.forEach(one -> cluster.say(one, Condition.STARTING, Health.UNKNOWN));
        cluster.passSeconds(1_000);
        assertThat(numbers(Instance::standby)).isEqualTo(warming);
    }

    @Test
    void oneThatGetsNoFurtherThanItsImageIsMadeAnew() {
        List<Long> warming = warming(3);
        cluster.passSeconds(400);
        assertThat(numbers(Instance::standby)).doesNotContainAnyElementsOf(warming);
    }

    @Test
    void whatFailedWhileTheyWarmedUpIsOverOnceTheyAreFrozen() {
        List<Long> warming = warming(12);
        warming.forEach(one -> cluster.say(one, Condition.STARTING, Health.DEAD));
        assertThat(cluster.state().healthFailing()).isEqualTo(12);
        warming.forEach(one -> cluster.say(one, Condition.PAUSED, Health.UNKNOWN));
        assertThat(cluster.state().healthFailing()).isZero();
        assertThat(frozen()).hasSize(12).allMatch(one -> one.health() == Health.UNKNOWN);
    }

    /** Standbys that are being started. */
    private List<Long> warming(int count) {
        start(4, Standby.NONE);
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.HANGS));
        cluster.accept(
                new Command.SetScaling(WEB, POLICY.withStandby(new Standby(count, 0))));
        cluster.agents().forEach(agent -> cluster.sync(agent, Integer.MAX_VALUE));
        List<Long> warming = numbers(Instance::standby);
        assertThat(warming).hasSize(count);
        return warming;
    }

    private List<Long> numbers(Predicate<Instance> which) {
        return cluster.instances("/web", which).stream().map(Instance::number).toList();
    }

    @Test
    void giveWayToWhatIsMovedOffAnAgent() {
        cluster.joinMany(2);
        cluster.accept(app.cpus(2_000).submit());
        cluster.accept(new Command.SetScaling(WEB, POLICY.withStandby(new Standby(2, 0))));
        cluster.quiesce();
        assertThat(frozen()).as("both agents are full").hasSize(2);
        SimAgent left = cluster.agent("a0");
        cluster.accept(
                new Command.KeepAgent(left.spec().id(), Upkeep.Mode.DRAINING, 0, false));
        cluster.live(5);
        assertThat(cluster.healthy("/web")).isEqualTo(2);
        assertThat(left.held()).isEmpty();
    }

    @Test
    void aFailingStandbyIsBackedOffFrom() {
        cluster.joinMany(2);
        cluster.accept(app.submit());
        cluster.quiesce();
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.FAILS));
        cluster.accept(new Command.SetScaling(WEB, POLICY.withStandby(new Standby(1, 0))));
        int mark = cluster.journal().size();
        cluster.live(30);
        assertThat(cluster.since(mark, Event.InstancesPlaced.class).size()).isLessThan(15);
        assertThat(cluster.app("/web").lastFailure()).isPresent();
        assertThat(cluster.healthy("/web")).isEqualTo(2);
    }

    @Test
    void aSnapshotKeepsThem() {
        start(4, new Standby(3, 0));
        byte[] bytes = cluster.bytes();
        assertThat(StateSnapshot.encode(StateSnapshot.decode(bytes))).isEqualTo(bytes);
        assertThat(StateSnapshot.decode(bytes).app(WEB).orElseThrow().standbys()).isEqualTo(3);
    }
}
