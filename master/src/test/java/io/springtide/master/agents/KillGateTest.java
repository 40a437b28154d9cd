package io.springtide.master.agents;

import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Holding;
import io.springtide.api.agent.Holdings;
import io.springtide.api.agent.HoldingsDigest;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.Look;
import io.springtide.api.agent.MasterMessage;
import io.springtide.core.command.Command;
import io.springtide.core.state.Instance;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Every way to a kill asks the gate: the decision, a connection, a look. Real streams, the real core. */
final class KillGateTest {

    private static final GatewaySettings SETTINGS = GatewaySettings.DEFAULT
            .withAddress("127.0.0.1", 0)
            .withTimes(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofMinutes(10))
            .withReconcileEvery(Duration.ofMillis(50));

    private final Deque<AutoCloseable> closeables = new ArrayDeque<>();
    private final TestRing ring = new TestRing();
    private final AgentCounters counters = new AgentCounters();
    private final AgentDoor door = new AgentDoor(SETTINGS, () -> "nobody leads");
    private final Gate gate = new Gate();

    /** Holds everything until it is told otherwise. */
    private static final class Gate implements KillGate {
        private final Set<Long> asked = ConcurrentHashMap.newKeySet();
        private final Set<Long> open = ConcurrentHashMap.newKeySet();
        private volatile Consumer<List<Long>> listener = instances -> {
        };

        @Override
        public boolean mayKill(Instance instance) {
            asked.add(instance.number());
            return open.contains(instance.number());
        }

        @Override
        public void onRelease(Consumer<List<Long>> to) {
            listener = to;
        }

        void release(long instance) {
            open.add(instance);
            listener.accept(List.of(instance));
        }
    }

    @BeforeEach
    void found() {
        closeables.push(ring);
        ring.ask(new Command.FoundCluster(TestRing.CLUSTER));
        closeables.push(door);
        door.start();
        AgentGateway gateway = new AgentGateway(SETTINGS, 5, ring, ring.view,
                (instance, runSpec, condition, atMs) -> {
                }, counters, door, Timing.onThread(), gate);
        ring.view.listen(gateway);
        closeables.push(gateway);
        gateway.start();
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!closeables.isEmpty()) {
            closeables.pop().close();
        }
    }

    private FakeAgent agent() {
        FakeAgent agent = FakeAgent.connect(door.port(), "a1");
        closeables.push(agent);
        return agent;
    }

    private static List<Long> killed(FakeAgent agent) {
        return agent.kills().stream().map(Kill::getInstanceId).toList();
    }

    private long running(FakeAgent agent) {
        ring.ask(TestApps.submitSleeper("/app", 1));
        long instance = agent.awaitLaunches(1).getFirst();
        agent.report(1, Condition.RUNNING, instance);
        Eventually.holds("it runs", () -> agent.acked() == 1);
        return instance;
    }

    private static Look newestLook(FakeAgent agent, long after) {
        return Eventually.value("a look comes", () -> agent.heard.stream()
                .filter(MasterMessage::hasLook).map(MasterMessage::getLook)
                .reduce((first, last) -> last).filter(last -> last.getNumber() > after));
    }

    @Test
    void aDecisionWaitsForTheGate() {
        FakeAgent agent = agent().join();
        long instance = running(agent);
        ring.ask(new Command.KillInstances(List.of(instance), true, true));
        Eventually.holds("the gate is asked", () -> gate.asked.contains(instance));
        assertThat(killed(agent)).isEmpty();
        gate.release(instance);
        Eventually.holds("it is ended", () -> killed(agent).equals(List.of(instance)));
        assertThat(agent.kills().getFirst().getGraceMs()).isEqualTo(TestApps.GRACE_MS);
    }

    @Test
    void whatIsHeldIsNoDifferenceWhenItsAgentComesAgain() {
        FakeAgent agent = agent().join();
        long instance = running(agent);
        ring.ask(new Command.KillInstances(List.of(instance), true, true));
        FakeAgent again = agent().join(instance);
        newestLook(again, 0);
        assertThat(killed(again)).isEmpty();
        gate.release(instance);
        Eventually.holds("it is ended", () -> killed(again).contains(instance));
        FakeAgent third = agent().join(instance);
        Eventually.holds("nothing keeps it any more", () -> killed(third).contains(instance));
    }

    @Test
    void whatIsHeldIsNoDifferenceAtALook() {
        FakeAgent agent = agent().join();
        long instance = running(agent);
        ring.ask(new Command.KillInstances(List.of(instance), true, true));
        HoldingsDigest runs = new HoldingsDigest();
        runs.add(instance, Condition.RUNNING);
        long from = newestLook(agent, 0).getNumber();
        Look look = newestLook(agent, from);
        assertThat(look.getDigest()).isEqualTo(runs.value());
        for (int i = 0; i < 4; i++) {
            agent.say(io.springtide.api.agent.AgentMessage.newBuilder()
                    .setHoldings(Holdings.newBuilder().setLook(look.getNumber()).setSeq(1)
                            .addHeld(Holding.newBuilder().setInstanceId(instance)
                                    .setCondition(Condition.RUNNING))));
            look = newestLook(agent, look.getNumber());
        }
        assertThat(killed(agent)).isEmpty();
        assertThat(Arrays.stream(Repair.values()).mapToLong(counters::repairs).sum()).isZero();
        gate.open.add(instance);
        HoldingsDigest ends = new HoldingsDigest();
        ends.add(instance, Condition.KILLING);
        Eventually.value("the digest says that it is to end",
                () -> Optional.of(agent.heard.stream().filter(MasterMessage::hasLook)
                        .map(one -> one.getLook().getDigest()).reduce((a, b) -> b).orElseThrow())
                        .filter(digest -> digest == ends.value()));
    }
}
