package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.Unreachable;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Many agents that fall silent at once, new leaders, and agents that come back. */
class SilenceTest {

    private final Cluster cluster = new Cluster();

    private long unreachable() {
        return cluster.agents().stream().filter(agent -> cluster.state().agents()
                .condition(cluster.row(agent)) == AgentCondition.UNREACHABLE).count();
    }

    private void silence(int first, int count) {
        for (int i = first; i < first + count; i++) {
            cluster.silence(cluster.agent("a" + i));
        }
    }

    @Test
    void aRackThatDiesIsGivenUpAtOnce() {
        cluster.joinMany(100);
        silence(0, 30);
        cluster.passSeconds(5);
        assertThat(unreachable()).isEqualTo(30);
        assertThat(cluster.state().silence().stormMs()).isZero();
    }

    @Test
    void aPartitionIsAStormAndOnlyFewAreGivenUp() {
        cluster.joinMany(100);
        silence(0, 40);
        cluster.passMs(100);
        assertThat(cluster.state().silence().stormMs()).isNotZero();
        cluster.passSeconds(50);
        assertThat(unreachable()).as("10 % a minute").isEqualTo(10);
        cluster.passSeconds(20);
        assertThat(unreachable()).isEqualTo(20);
    }

    @Test
    void aStormEndsByItselfWhenAgentsReturn() {
        cluster.joinMany(100);
        silence(0, 100);
        cluster.passSeconds(1);
        assertThat(cluster.state().silence().stormSilent()).isGreaterThan(30);
        cluster.agents().forEach(cluster::connect);
        cluster.passSeconds(1);
        assertThat(cluster.state().silence().stormMs()).isZero();
        assertThat(unreachable()).isZero();
    }

    @Test
    void aPersonMayEndIt() {
        cluster.joinMany(10);
        assertThat(cluster.run(new Command.ReleaseStorm()))
                .isInstanceOfSatisfying(Answer.Refused.class,
                        no -> assertThat(no.code()).isEqualTo(Answer.Code.CONFLICT));
        silence(0, 8);
        cluster.passSeconds(10);
        assertThat(unreachable()).isEqualTo(1);
        cluster.accept(new Command.ReleaseStorm());
        assertThat(unreachable()).isEqualTo(8);
        assertThat(cluster.state().silence().stormMs()).isZero();
        silence(8, 1);
        cluster.passSeconds(6);
        assertThat(unreachable()).as("the next one is no storm").isEqualTo(9);
    }

    @Test
    void threeOfFourAreGivenUpButNotAll() {
        cluster.joinMany(4);
        silence(0, 3);
        cluster.passSeconds(5);
        assertThat(unreachable()).isEqualTo(3);
        silence(3, 1);
        cluster.passSeconds(30);
        assertThat(unreachable()).isEqualTo(3);
    }

    @Test
    void silenceCountsFromTheLastWord() {
        cluster.joinMany(3);
        cluster.passSeconds(60);
        SimAgent quiet = cluster.agent("a0");
        quiet.spec();
        cluster.run(new Command.AgentFellSilent(quiet.spec().id(), 2_000));
        cluster.passMs(2_999);
        assertThat(unreachable()).isZero();
        cluster.passMs(1);
        assertThat(unreachable()).isEqualTo(1);
    }

    @Test
    void aNewLeaderWaitsBeforeItGivesUpWhatWasSilentBefore() {
        cluster.joinMany(3);
        cluster.accept(Specs.app("/web", 3).submit());
        cluster.quiesce();
        cluster.passSeconds(60);
        silence(0, 1);
        cluster.passMs(4_900);
        cluster.run(new Command.FoundCluster("0123456789abcdef"));
        cluster.passMs(4_900);
        assertThat(unreachable()).isZero();
        int mark = cluster.journal().size();
        cluster.connect(cluster.agent("a0"));
        cluster.live(10);
        assertThat(cluster.since(mark, Event.InstancesPlaced.class)).isEmpty();
    }

    @Test
    void aNewLeaderDoesNotExpungeBeforeItHasWaited() {
        cluster.joinMany(3);
        cluster.accept(Specs.app("/web", 3).unreachable(new Unreachable(true, 60_000, 60_000))
                .submit());
        cluster.quiesce();
        silence(0, 1);
        cluster.passSeconds(10);
        assertThat(unreachable()).isEqualTo(1);
        // All masters are away for an hour.
        cluster.ask(new Command.FoundCluster("0123456789abcdef"));
        cluster.passMs(100);
        assertThat(cluster.active("/web")).hasSize(3);
    }

    /** What it ran has failed while it was away, and it says so only after it has registered. */
    @Test
    void aReturnIsJudgedOnlyOnceTheAgentHasToldAll() {
        cluster.joinMany(2);
        cluster.accept(Specs.app("/web", 2).unreachable(new Unreachable(true, 0, 60_000))
                .submit());
        cluster.quiesce();
        SimAgent left = cluster.agent("a0");
        cluster.silence(left);
        cluster.passSeconds(6);
        cluster.quiesce();
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
        cluster.connect(left);
        cluster.passMs(500);
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
        cluster.end(left, 1, Condition.FAILED);
        cluster.live(5);
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
        assertThat(cluster.app("/web").delayMs()).isNotNegative();
    }

    @Test
    void ofThoseThatAreBackTheHealthyStay() {
        cluster.joinMany(2);
        cluster.accept(Specs.app("/web", 2).healthChecked()
                .unreachable(new Unreachable(true, 0, 60_000)).submit());
        cluster.quiesce();
        SimAgent left = cluster.agent("a0");
        cluster.silence(left);
        cluster.passSeconds(6);
        cluster.quiesce();
        cluster.connect(left);
        cluster.say(1, Condition.RUNNING, Health.DEAD);
        cluster.live(5);
        assertThat(cluster.active("/web")).containsExactly(2L, 3L);
        assertThat(left.held()).isEmpty();
    }

    @Test
    void aForgottenAgentGivesUpEvenWhatWaitsForEver() {
        cluster.joinMany(2);
        cluster.accept(Specs.app("/single", 1).unreachable(Unreachable.DISABLED).submit());
        cluster.quiesce();
        SimAgent left = cluster.agent("a0");
        Command forget = new Command.ForgetAgent(left.spec().id());
        assertThat(cluster.run(forget)).isInstanceOf(Answer.Refused.class);
        cluster.silence(left);
        cluster.passSeconds(600);
        assertThat(cluster.active("/single")).containsExactly(1L);
        cluster.accept(forget);
        cluster.quiesce();
        assertThat(cluster.active("/single")).containsExactly(2L);
        assertThat(cluster.state().agents().size()).isEqualTo(1);
    }

    /** Goal: no window sees more agents given up than was allowed, whatever the network does. */
    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void noWindowSeesMoreThanIsAllowed(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cluster many = new Cluster();
        int agents = random.nextInt(1, 40);
        many.joinMany(agents);
        List<Long> givenUp = new ArrayList<>();
        for (int step = 0; step < 400; step++) {
            SimAgent agent = many.agent("a" + random.nextInt(agents));
            int dice = random.nextInt(10);
            if (dice < 3 && agent.connected()) {
                many.silence(agent);
            } else if (dice == 3 && random.nextInt(5) == 0) {
                many.agents().stream().filter(SimAgent::connected).forEach(many::silence);
            } else if (dice < 6 && !agent.connected()) {
                many.connect(agent);
            }
            int mark = many.journal().size();
            many.passMs(random.nextLong(2_000));
            many.since(mark, Event.AgentUnreachable.class).forEach(one -> givenUp.add(one.atMs()));
        }
        int allowed = Math.max(3, agents * 3 / 10);
        for (long from : givenUp) {
            assertThat(givenUp.stream().filter(at -> at >= from && at < from + 60_000).count())
                    .as("seed %d, from %d", seed, from).isLessThanOrEqualTo(allowed);
        }
    }
}
