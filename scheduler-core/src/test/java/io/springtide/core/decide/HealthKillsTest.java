package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.event.Event;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.Rules;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.Instance;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of instances whose health checks fail too often: never all of them at once. */
class HealthKillsTest {

    private final Cluster cluster = new Cluster(CoreSettings.DEFAULT.withHealthStorm(500_000, 10));

    private void running(Specs.App app, int agents) {
        cluster.joinMany(agents);
        cluster.accept(app.submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(app.spec().instances());
    }

    private void exhaust(long... numbers) {
        for (long number : numbers) {
            cluster.say(new InstanceStatus(number, Condition.RUNNING, -1, "", "", Health.DEAD, 4,
                    true));
        }
    }

    private void recover(long number) {
        cluster.say(new InstanceStatus(number, Condition.RUNNING, -1, "", "", Health.ALIVE, 0,
                false));
    }

    private void fate(SimAgent.Fate fate) {
        cluster.agents().forEach(agent -> agent.fate(fate));
    }

    private List<Event.InstancesDecommissioned> kills() {
        return cluster.since(0, Event.InstancesDecommissioned.class);
    }

    @Test
    void aReplacementComesBeforeTheKill() {
        running(Specs.app("/web", 4).healthChecked(), 4);
        fate(SimAgent.Fate.UNCHECKED);
        exhaust(2);
        cluster.live(3);
        assertThat(cluster.active("/web")).containsExactly(1L, 2L, 3L, 4L, 5L);
        cluster.say(5, Condition.RUNNING, Health.ALIVE);
        assertThat(cluster.active("/web")).containsExactly(1L, 3L, 4L, 5L);
        assertThat(kills()).singleElement().satisfies(
                kill -> assertThat(kill.reason()).isEqualTo(Event.Reason.UNHEALTHY));
        cluster.live(5);
        assertThat(cluster.active("/web")).hasSize(4);
    }

    @Test
    void whoRecoversIsKept() {
        running(Specs.app("/web", 4).healthChecked(), 4);
        fate(SimAgent.Fate.HANGS);
        exhaust(2);
        cluster.live(3);
        assertThat(cluster.active("/web")).hasSize(5);
        recover(2);
        cluster.live(3);
        assertThat(cluster.active("/web")).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void saidTwiceItCountsOnce() {
        running(Specs.app("/web", 4).healthChecked(), 4);
        int mark = cluster.journal().size();
        exhaust(2, 2, 2);
        assertThat(cluster.since(mark, Event.FailureNoted.class)).hasSize(1);
        assertThat(cluster.since(mark, Event.BackoffSet.class)).hasSize(1);
    }

    @Test
    void extraOnesKeepToTheBound() {
        running(Specs.app("/web", 8).healthChecked().upgrade(1, 0.25), 4);
        fate(SimAgent.Fate.UNCHECKED);
        exhaust(1, 2, 3, 4, 5);
        cluster.live(3);
        assertThat(cluster.instances("/web", one -> true)).hasSize(10);
        assertThat(kills()).isEmpty();
        fate(SimAgent.Fate.WELL);
        cluster.say(9, Condition.RUNNING, Health.ALIVE);
        cluster.say(10, Condition.RUNNING, Health.ALIVE);
        cluster.live(30);
        assertThat(cluster.healthy("/web")).isEqualTo(8);
        assertThat(cluster.active("/web")).hasSize(8).doesNotContain(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void withoutExtraOnesOnlyAFewEndAtATime() {
        running(Specs.app("/web", 8).healthChecked().upgrade(1, 0)
                .rules(Rules.NONE.withDisruptionPpm(250_000)), 4);
        fate(SimAgent.Fate.UNCHECKED);
        exhaust(1, 2, 3, 4, 5);
        cluster.live(10);
        assertThat(cluster.active("/web")).as("two of eight may be missing").hasSize(8)
                .contains(9L, 10L);
        assertThat(kills().stream().mapToInt(kill -> kill.instances().size()).sum()).isEqualTo(2);
        cluster.say(9, Condition.RUNNING, Health.ALIVE);
        cluster.live(3);
        assertThat(kills().stream().mapToInt(kill -> kill.instances().size()).sum()).isEqualTo(3);
        fate(SimAgent.Fate.WELL);
        cluster.instances("/web", one -> one.active() && one.health() == Health.UNKNOWN)
                .forEach(one -> cluster.say(one.number(), Condition.RUNNING, Health.ALIVE));
        cluster.live(30);
        assertThat(cluster.healthy("/web")).isEqualTo(8);
    }

    @Test
    void whereNoExtraOneFitsOneEndsFirst() {
        running(Specs.app("/web", 3).cpus(4_000).healthChecked()
                .rules(Rules.NONE.withDisruptionPpm(0)), 3);
        exhaust(1, 2);
        int rounds = 0;
        while (cluster.healthy("/web") < 3) {
            assertThat(rounds++).isLessThan(50);
            assertThat(cluster.instances("/web", Instance::active).size())
                    .isGreaterThanOrEqualTo(2);
            cluster.live(1);
        }
        assertThat(cluster.active("/web")).contains(3L).doesNotContain(1L, 2L);
    }

    @Test
    void whoeverRecoversIsWaitedForNoMore() {
        running(Specs.app("/web", 3).cpus(4_000).healthChecked()
                .rules(Rules.NONE.withDisruptionPpm(0)), 3);
        fate(SimAgent.Fate.HANGS);
        exhaust(1, 2);
        cluster.passSeconds(2);
        assertThat(cluster.app("/web").missing()).isPositive();
        cluster.live(2);
        List<Long> ill = cluster.instances("/web", Instance::exhausted).stream()
                .filter(Instance::active).map(Instance::number).toList();
        assertThat(ill).hasSize(1);
        recover(ill.getFirst());
        cluster.live(2);
        assertThat(cluster.app("/web").missing()).isZero();
        assertThat(cluster.app("/web").waitingSinceMs()).isZero();
    }

    @Test
    void scalingDownTakesTheIllOnesFirst() {
        running(Specs.app("/web", 4).healthChecked(), 4);
        fate(SimAgent.Fate.HANGS);
        exhaust(1);
        cluster.accept(Specs.app("/web", 3).healthChecked().force());
        assertThat(cluster.active("/web")).containsExactly(2L, 3L, 4L);
    }

    @Test
    void duringAChangeNewOnesThatFallIllEndAtOnce() {
        Specs.App app = Specs.app("/web", 3).healthChecked();
        running(app, 4);
        fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        exhaust(4);
        assertThat(cluster.ending("/web")).containsExactly(4L);
        assertThat(cluster.active("/web")).contains(1L, 2L, 3L);
    }

    @Test
    void inAStormNobodyIsEndedForItsHealth() {
        running(Specs.app("/web", 16).healthChecked(), 8);
        for (long number = 1; number <= 8; number++) {
            cluster.say(number, Condition.RUNNING, Health.DEAD);
        }
        assertThat(cluster.state().healthStormMs()).as("half of them is not more than half")
                .isZero();
        cluster.say(9, Condition.RUNNING, Health.DEAD);
        cluster.say(10, Condition.RUNNING, Health.DEAD);
        assertThat(cluster.state().healthStormMs()).isEqualTo(cluster.nowMs());
        for (long number = 1; number <= 16; number++) {
            exhaust(number);
        }
        cluster.live(60);
        assertThat(kills()).isEmpty();
        assertThat(cluster.active("/web")).hasSize(16);
        for (long number = 5; number <= 12; number++) {
            recover(number);
        }
        assertThat(cluster.state().healthStormMs()).as("half a threshold below").isPositive();
        for (long number = 13; number <= 16; number++) {
            recover(number);
        }
        assertThat(cluster.state().healthStormMs()).isPositive();
        recover(4);
        assertThat(cluster.state().healthStormMs()).isZero();
        assertThat(cluster.since(0, Event.HealthStormChanged.class)).hasSize(2);
        cluster.live(30);
        assertThat(cluster.active("/web")).hasSize(16).doesNotContain(1L, 2L, 3L);
    }

    @Test
    void aFewAreNoStorm() {
        running(Specs.app("/web", 9).healthChecked(), 8);
        for (long number = 1; number <= 9; number++) {
            exhaust(number);
        }
        assertThat(cluster.state().healthStormMs()).isZero();
        cluster.live(30);
        assertThat(cluster.healthy("/web")).isEqualTo(9);
    }

    @Test
    void aFleetThatStartsIsNoStorm() {
        cluster.joinMany(10);
        fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(Specs.app("/web", 20).healthChecked().submit());
        cluster.live(3);
        assertThat(cluster.state().healthChecked()).isZero();
        assertThat(cluster.since(0, Event.HealthStormChanged.class)).isEmpty();
    }

    @Test
    void aStormHoldsAChangeBackToo() {
        Specs.App app = Specs.app("/web", 12).healthChecked();
        running(app, 12);
        fate(SimAgent.Fate.UNCHECKED);
        for (long number = 1; number <= 12; number++) {
            exhaust(number);
        }
        cluster.accept(app.definition("v2").submit());
        cluster.live(5);
        assertThat(cluster.instances("/web", one -> one.active() && one.number() <= 12))
                .as("they may well serve").hasSize(12);
        fate(SimAgent.Fate.WELL);
        cluster.instances("/web", one -> one.number() > 12).forEach(
                one -> cluster.say(one.number(), Condition.RUNNING, Health.ALIVE));
        cluster.live(30);
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.active("/web")).hasSize(12).allMatch(number -> number > 12);
    }
}
