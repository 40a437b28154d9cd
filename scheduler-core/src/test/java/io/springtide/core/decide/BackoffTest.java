package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How failures delay launches. */
class BackoffTest {

    private static final Backoff DOUBLING = new Backoff(1_000, 2_000_000, 10_000);

    private final Cluster cluster = new Cluster();
    private final Specs.App app = Specs.app("/web", 1).cpus(1).backoff(DOUBLING);

    @BeforeEach
    void agent() {
        cluster.join(Specs.agent("a0", "s1", "r1"));
    }

    @Test
    void growsUpToItsCap() {
        cluster.agent("a0").fate(SimAgent.Fate.FAILS);
        cluster.accept(app.submit());
        List<Long> delays = new ArrayList<>();
        int mark = cluster.journal().size();
        while (delays.size() < 6) {
            cluster.quiesce();
            cluster.passMs(100);
            delays = cluster.since(mark, Event.BackoffSet.class).stream()
                    .map(Event.BackoffSet::delayMs).toList();
        }
        assertThat(delays).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 10_000L, 10_000L);
    }

    @Test
    void launchesNothingBeforeTheDelayIsOver() {
        cluster.agent("a0").fate(SimAgent.Fate.FAILS);
        cluster.accept(app.submit());
        cluster.quiesce();
        assertThat(cluster.active("/web")).isEmpty();
        cluster.passMs(999);
        assertThat(cluster.active("/web")).isEmpty();
        cluster.passMs(1);
        assertThat(cluster.active("/web")).containsExactly(2L);
    }

    @Test
    void aHundredThatFailTogetherCountOnce() {
        cluster.accept(app.instances(100).submit());
        cluster.quiesce();
        int mark = cluster.journal().size();
        for (long number : cluster.active("/web")) {
            cluster.say(number, Condition.FAILED, Health.UNKNOWN);
        }
        assertThat(cluster.since(mark, Event.BackoffSet.class)).hasSize(1);
        assertThat(cluster.app("/web").delayMs()).isEqualTo(1_000);
    }

    @Test
    void isForgottenAfterItsLongestDelay() {
        failTimes(3);
        assertThat(cluster.app("/web").delayMs()).isEqualTo(4_000);
        cluster.agent("a0").fate(SimAgent.Fate.WELL);
        cluster.live(20);
        cluster.say(cluster.active("/web").get(0), Condition.FAILED, Health.UNKNOWN);
        assertThat(cluster.app("/web").delayMs()).isEqualTo(1_000);
    }

    @Test
    void isKeptAMomentAfterTheDelayIsOver() {
        failTimes(3);
        cluster.agent("a0").fate(SimAgent.Fate.WELL);
        cluster.live(6);
        cluster.say(cluster.active("/web").get(0), Condition.FAILED, Health.UNKNOWN);
        assertThat(cluster.app("/web").delayMs()).isEqualTo(8_000);
    }

    @Test
    void aResetLetsItLaunchAtOnce() {
        failTimes(4);
        assertThat(cluster.active("/web")).isEmpty();
        assertThat(cluster.run(new Command.ResetBackoff(new AppId("/web"))))
                .isEqualTo(Answer.NOTHING);
        assertThat(cluster.active("/web")).hasSize(1);
        assertThat(cluster.app("/web").delayMs()).isZero();
    }

    @Test
    void thereIsNothingToResetWhereNothingWaits() {
        assertThat(cluster.run(new Command.ResetBackoff(new AppId("/none"))))
                .isInstanceOf(Answer.Refused.class);
        cluster.accept(app.submit());
        assertThat(cluster.run(new Command.ResetBackoff(new AppId("/web"))))
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    void aNewConfigurationStartsAfresh() {
        failTimes(4);
        cluster.agent("a0").fate(SimAgent.Fate.WELL);
        cluster.accept(app.definition("v2").force());
        assertThat(cluster.app("/web").delayMs()).isZero();
        assertThat(cluster.active("/web")).hasSize(1);
    }

    @Test
    void anotherCountDoesNot() {
        failTimes(4);
        cluster.accept(app.instances(2).force());
        assertThat(cluster.app("/web").delayMs()).isEqualTo(8_000);
        assertThat(cluster.active("/web")).isEmpty();
    }

    @Test
    void killedOnPurposeIsNoFailure() {
        cluster.accept(app.submit());
        cluster.quiesce();
        cluster.accept(new Command.KillInstances(List.of(1L), false, false));
        cluster.quiesce();
        assertThat(cluster.app("/web").delayMs()).isZero();
        assertThat(cluster.app("/web").lastFailure()).isEmpty();
    }

    @Test
    void finishedDelaysButIsNoFailureToShow() {
        cluster.accept(app.submit());
        cluster.quiesce();
        cluster.say(1, Condition.FINISHED, Health.UNKNOWN);
        assertThat(cluster.app("/web").delayMs()).isEqualTo(1_000);
        assertThat(cluster.app("/web").lastFailure()).isEmpty();
    }

    @Test
    void aFailureOfThePresentVersionIsSeenAmongThoseOfAnOlderOne() {
        cluster.accept(app.submit());
        cluster.quiesce();
        cluster.agent("a0").fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(app.definition("v2").healthChecked().submit());
        cluster.quiesce();
        assertThat(cluster.active("/web")).containsExactly(1L, 2L);
        SimAgent agent = cluster.agent("a0");
        cluster.run(new Command.ReportStatuses(agent.spec().id(), 1, 1_000,
                List.of(SimAgent.status(2, Condition.FAILED, Health.UNKNOWN),
                        SimAgent.status(1, Condition.FAILED, Health.UNKNOWN))));
        assertThat(cluster.app("/web").delayMs()).isEqualTo(1_000);
        assertThat(cluster.app("/web").lastFailure().orElseThrow().instance()).isEqualTo(2);
    }

    @Test
    void anUnhealthyInstanceDelaysItsReplacement() {
        cluster.accept(app.healthChecked().submit());
        cluster.quiesce();
        cluster.say(new InstanceStatus(1, Condition.RUNNING, -1, "503", "", Health.DEAD, 4, true));
        assertThat(cluster.active("/web")).as("until there is another one").containsExactly(1L);
        assertThat(cluster.app("/web").delayMs()).isEqualTo(1_000);
        cluster.live(2);
        assertThat(cluster.active("/web")).containsExactly(2L);
        assertThat(cluster.healthy("/web")).isEqualTo(1);
    }

    private void failTimes(int times) {
        cluster.agent("a0").fate(SimAgent.Fate.FAILS);
        cluster.accept(app.submit());
        for (int i = 0; i < times; i++) {
            cluster.passMs(Math.max(0, cluster.app("/web").launchAfterMs() - cluster.nowMs()));
            cluster.quiesce();
        }
    }
}
