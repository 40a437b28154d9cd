package io.springtide.master.agents;

import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Look;
import io.springtide.api.agent.MasterMessage;
import io.springtide.core.command.Command;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A gateway that looks often and calls nobody silent, behind a real door and before a real core. */
final class GatewayBed {

    private static final GatewaySettings SETTINGS = GatewaySettings.DEFAULT
            .withAddress("127.0.0.1", 0)
            .withTimes(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofMinutes(10))
            .withReconcileEvery(Duration.ofMillis(50));

    final TestRing ring = new TestRing();
    final AgentCounters counters = new AgentCounters();
    final AgentGateway gateway;
    private final AgentDoor door = new AgentDoor(SETTINGS, () -> "nobody leads");
    private final Deque<AutoCloseable> closeables = new ArrayDeque<>();

    GatewayBed(KillGate gate) {
        closeables.push(ring);
        ring.ask(new Command.FoundCluster(TestRing.CLUSTER));
        closeables.push(door);
        door.start();
        gateway = new AgentGateway(SETTINGS, 5, ring, ring.view,
                (instance, runSpec, condition, atMs) -> {
                }, counters, door, Timing.onThread(), gate);
        ring.view.listen(gateway);
        closeables.push(gateway);
        gateway.start();
    }

    /** Another connection of the only agent. */
    FakeAgent agent() {
        FakeAgent agent = FakeAgent.connect(door.port(), "a1");
        closeables.push(agent);
        return agent;
    }

    /** So many instances of an app that run, as the agent's first report says. */
    List<Long> running(FakeAgent agent, int count) {
        ring.ask(TestApps.submitSleeper("/app", count));
        List<Long> instances = agent.awaitLaunches(count);
        agent.report(1, Condition.RUNNING, instances.toArray(Long[]::new));
        Eventually.holds("they run", () -> agent.acked() == 1);
        return instances;
    }

    /** Waits for a look later than one; gives the newest. */
    static Look nextLook(FakeAgent agent, long after) {
        return Eventually.value("a look comes", () -> agent.heard.stream()
                .filter(MasterMessage::hasLook).map(MasterMessage::getLook)
                .reduce((first, last) -> last).filter(last -> last.getNumber() > after));
    }

    /** For {@code @AfterEach}. */
    void close() throws Exception {
        while (!closeables.isEmpty()) {
            closeables.pop().close();
        }
    }
}
