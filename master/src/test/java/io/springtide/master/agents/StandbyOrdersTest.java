package io.springtide.master.agents;

import io.springtide.api.agent.Condition;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.Orders;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.Behaviour;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Standby;
import io.springtide.core.elasticity.Target;
import io.springtide.core.model.AppId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What agents are told of standbys: to freeze them, and to thaw those that are to serve. */
final class StandbyOrdersTest {

    private static final AppId APP = new AppId("/app");
    private final GatewayBed bed = new GatewayBed(KillGate.OPEN);

    @AfterEach
    void close() throws Exception {
        bed.close();
    }

    private static List<Long> thawed(FakeAgent agent) {
        return agent.orders().stream().map(Orders::getThawList).flatMap(List::stream).toList();
    }

    /** One instance runs; another is kept beside it. Gives the latter. */
    private long standby(FakeAgent agent) {
        long serving = bed.running(agent, 1).getFirst();
        bed.ring.ask(new Command.SetScaling(APP, new ScalingPolicy(1, 5,
                List.of(new Target(Target.Kind.CPU, 50_000)), ScalingPolicy.TOLERANCE_PPM,
                Behaviour.UP, Behaviour.DOWN, List.of(), Optional.empty(), new Standby(1, 0),
                false)));
        List<Long> launched = agent.awaitLaunches(2);
        return launched.stream().filter(one -> one != serving).findFirst().orElseThrow();
    }

    private void freeze(FakeAgent agent, long standby) {
        agent.report(2, Condition.PAUSED, standby);
        Eventually.holds("it is frozen", () -> agent.acked() == 2);
    }

    /** Two are to serve: the standby is thawed, and a new one takes its place. */
    private void promote() {
        bed.ring.ask(new Command.Scale(APP, 2,
                new ScalingReason(ScalingReason.POLICY, "more is asked for")));
    }

    @Test
    void aStandbyIsLaunchedAsSuch() {
        FakeAgent agent = bed.agent().join();
        long standby = standby(agent);
        assertThat(agent.groups()).filteredOn(LaunchGroup::getStandby).singleElement()
                .satisfies(group -> assertThat(group.getInstanceIdsList())
                        .containsExactly(standby));
    }

    @Test
    void oneThatIsPromotedIsThawedOnce() {
        FakeAgent agent = bed.agent().join();
        long standby = standby(agent);
        freeze(agent, standby);
        assertThat(thawed(agent)).isEmpty();
        promote();
        Eventually.holds("it is told to thaw", () -> !thawed(agent).isEmpty());
        assertThat(thawed(agent)).containsExactly(standby);
    }

    @Test
    void anOrderThatGotLostIsGivenAgainWhenTheAgentComes() {
        FakeAgent agent = bed.agent().join();
        long standby = standby(agent);
        freeze(agent, standby);
        promote();
        List<Long> held = agent.launched();
        FakeAgent again = bed.agent().join(held.toArray(Long[]::new));
        Eventually.holds("it is told to thaw", () -> thawed(again).contains(standby));
        int before = thawed(again).size();
        again.report(3, Condition.PAUSED, standby);
        Eventually.holds("one that was frozen all the same is thawed",
                () -> thawed(again).size() > before);
    }
}
