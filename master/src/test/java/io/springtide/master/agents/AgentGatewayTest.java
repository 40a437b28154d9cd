package io.springtide.master.agents;

import io.grpc.Status;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Rules;
import io.springtide.master.agents.AgentsPort.AgentUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Goal: the gateway keeps its promises to agents. Method: real streams, the real core, a fake ring. */
final class AgentGatewayTest {

    private static final long EPOCH = 5;

    /** No test lasts so long: nobody is called silent by accident. */
    private static final GatewaySettings PATIENT = GatewaySettings.DEFAULT
            .withAddress("127.0.0.1", 0)
            .withTimes(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofMinutes(10));

    private final Deque<AutoCloseable> closeables = new ArrayDeque<>();
    private final TestRing ring = new TestRing();
    private final AgentCounters counters = new AgentCounters();
    private AgentDoor door = new AgentDoor(PATIENT, () -> "nobody leads");
    private final List<String> unknownEnds = new CopyOnWriteArrayList<>();
    private final UnknownEnds unknown = (instance, runSpec, condition, atMs) -> unknownEnds
            .add(instance + " " + runSpec + " " + condition);

    @BeforeEach
    void found() {
        closeables.push(ring);
        ring.ask(new Command.FoundCluster(TestRing.CLUSTER));
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!closeables.isEmpty()) {
            closeables.pop().close();
        }
    }

    private AgentGateway gateway(GatewaySettings settings) {
        door = new AgentDoor(settings, () -> "nobody leads");
        closeables.push(door);
        door.start();
        AgentGateway gateway = new AgentGateway(settings, EPOCH, ring, ring.view, unknown,
                counters, door, Timing.onThread(), KillGate.OPEN);
        ring.view.listen(gateway);
        closeables.push(gateway);
        gateway.start();
        return gateway;
    }

    private FakeAgent agent(String name) {
        FakeAgent agent = FakeAgent.connect(door.port(), name);
        closeables.push(agent);
        return agent;
    }

    @Test
    void namesTheGpusOfEachInstance() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1");
        var registration = agent.registration();
        registration.setResources(registration.getResources().toBuilder().setGpus(3));
        agent.register(registration);
        Eventually.holds("welcomed", () -> !agent.heard.isEmpty());
        ring.ask(TestApps.submit(TestApps.shaped(
                TestApps.spec("{'id':'/train','cmd':'sleep 1','portDefinitions':[]}", 3, 0),
                new io.springtide.core.model.Resources(100, 32, 0, 1), Rules.NONE)));
        agent.awaitLaunches(3);
        assertThat(agent.groups()).singleElement().satisfies(
                group -> assertThat(group.getGpusList()).containsExactlyInAnyOrder(1, 2, 4));

        FakeAgent again = agent("a1");
        again.register(registration);
        again.awaitLaunches(3);
        assertThat(again.groups().getFirst().getGpusList()).containsExactlyInAnyOrder(1, 2, 4);
    }

    @Test
    void welcomesThenLaunchesWithTheSpecOnce() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1").join();
        MasterMessage first = agent.heard.getFirst();
        assertThat(first.getEpoch()).isEqualTo(EPOCH);
        assertThat(first.getWelcome().getClusterId()).isEqualTo(TestRing.CLUSTER);
        assertThat(first.getWelcome().getHeartbeatIntervalMs()).isEqualTo(1_000);

        ring.ask(TestApps.submitSleeper("/shop/cart", 3));
        List<Long> instances = agent.awaitLaunches(3);
        assertThat(agent.groups()).hasSize(1);
        assertThat(agent.groups().getFirst().getPortsList()).hasSize(3).doesNotHaveDuplicates()
                .allMatch(port -> port >= 31_000 && port <= 32_000);
        TaskSpec spec = agent.specs().getFirst();
        assertThat(spec.getAppId()).isEqualTo("/shop/cart");
        assertThat(spec.getDigest()).isEqualTo(agent.groups().getFirst().getSpecDigest());

        agent.report(1, Condition.FAILED, instances.getFirst());
        Eventually.holds("the failure is known", () -> agent.acked() == 1);
        ring.ask(new Command.ResetBackoff(new AppId("/shop/cart")));
        assertThat(agent.awaitLaunches(4)).doesNotHaveDuplicates();
        assertThat(agent.specs()).hasSize(1);
        assertThat(counters.connected()).isEqualTo(1);
    }

    @Test
    void tellsOfTheEndOfWhatTheStateDoesNotKnowOnce() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1").join(999L);
        ring.ask(TestApps.submitSleeper("/app", 1));
        long known = agent.awaitLaunches(1).getFirst();
        StatusBatch batch = StatusBatch.newBuilder().setSeq(1)
                .addStatuses(end(known, Condition.FAILED, "/app"))
                .addStatuses(end(999, Condition.KILLED, "/shop/old"))
                .addStatuses(end(998, Condition.GONE, "")).build();
        agent.say(AgentMessage.newBuilder().setStatuses(batch));
        Eventually.holds("it is acknowledged", () -> agent.acked() == 1);
        String told = "shop_old.instance-5f0c9e1a-d2b3-4c77-0000-0000000003e7 /shop/old KILLED";
        assertThat(unknownEnds).containsExactly(told);

        FakeAgent again = agent("a1").join(999L);
        again.say(AgentMessage.newBuilder().setStatuses(batch));
        Eventually.holds("the repeat is acknowledged", () -> again.acked() == 1);
        assertThat(unknownEnds).containsExactly(told);
    }

    private static InstanceStatus end(long instance, Condition condition, String path) {
        return InstanceStatus.newBuilder().setInstanceId(instance).setCondition(condition)
                .setAppId(path).build();
    }

    @Test
    void comparesEverythingAfterAReconnect() {
        gateway(PATIENT);
        FakeAgent before = agent("a1").join();
        ring.ask(TestApps.submitSleeper("/app", 3));
        List<Long> instances = before.awaitLaunches(3);
        long running = instances.get(0);
        long unheard = instances.get(1);
        long doomed = instances.get(2);
        before.report(1, Condition.RUNNING, running, doomed);
        Eventually.holds("both run", () -> before.acked() == 1);
        before.close();
        Eventually.holds("the agent is suspect",
                () -> ring.condition("a1").equals(Optional.of(AgentCondition.SUSPECT)));
        ring.ask(new Command.KillInstances(List.of(doomed), true, true));

        FakeAgent after = agent("a1").join(running, doomed, 999L);
        after.awaitLaunches(1);
        Eventually.holds("kills came", () -> after.kills().size() >= 2);
        assertThat(after.launched()).containsExactly(unheard);
        assertThat(after.kills()).extracting(Kill::getInstanceId)
                .containsExactlyInAnyOrder(doomed, 999L);
        assertThat(after.specs()).hasSize(1);
        assertThat(ring.condition("a1")).contains(AgentCondition.LIVE);
    }

    @Test
    void anInstanceThatWasConfirmedOnceIsNotStartedAgain() {
        gateway(PATIENT);
        FakeAgent before = agent("a1").join();
        ring.ask(TestApps.submitSleeper("/app", 1));
        long lost = before.awaitLaunches(1).getFirst();
        before.report(1, Condition.RUNNING, lost);
        Eventually.holds("it runs", () -> before.acked() == 1);

        FakeAgent after = agent("a1").join();
        assertThat(after.awaitLaunches(1)).doesNotContain(lost);
        assertThat(after.launched()).hasSize(1);
    }

    @Test
    void acknowledgesOnlyWhatIsDurable() {
        AgentGateway gateway = gateway(PATIENT);
        FakeAgent agent = agent("a1").join();
        ring.ask(TestApps.submitSleeper("/app", 1));
        long instance = agent.awaitLaunches(1).getFirst();

        ring.commits.lock();
        try {
            agent.report(1, Condition.RUNNING, instance);
            // Read only when the ring has taken the report; so an early acknowledgement would be out.
            agent.beat(instance, 4_096);
            Eventually.holds("the heartbeat is read", () -> gateway.usage(instance).isPresent());
            assertThat(counters.acks()).isZero();
        } finally {
            ring.commits.unlock();
        }
        Eventually.holds("the report is acknowledged", () -> agent.acked() == 1);
        assertThat(gateway.usage(instance).orElseThrow().memBytes()).isEqualTo(4_096);

        agent.report(1, Condition.RUNNING, instance);
        Eventually.holds("a repeat is acknowledged as well",
                () -> counters.acks() == 2);
    }

    @Test
    void aFullRingDelaysReportsAndLosesNone() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1").join();
        AtomicInteger refusals = new AtomicInteger();
        ring.full = command -> command instanceof Command.ReportStatuses
                && refusals.incrementAndGet() <= 6;
        long readBefore = counters.messagesIn();
        for (long seq = 1; seq <= 3; seq++) {
            agent.report(seq, Condition.RUNNING, 1L);
        }
        Eventually.holds("it is refused again and again", () -> refusals.get() >= 4);
        assertThat(counters.messagesIn()).as("what is behind waits unread")
                .isEqualTo(readBefore + 1);
        Eventually.holds("everything is acknowledged", () -> agent.acked() == 3);
        assertThat(ring.taken(Command.ReportStatuses.class))
                .extracting(Command.ReportStatuses::seq).containsExactly(1L, 2L, 3L);
        assertThat(counters.busyRetries()).isEqualTo(6);
    }

    @Test
    void aFullRingDelaysARegistration() {
        AtomicInteger refusals = new AtomicInteger();
        ring.full = command -> command instanceof Command.RegisterAgent
                && refusals.incrementAndGet() <= 3;
        gateway(PATIENT);
        agent("a1").join();
        assertThat(refusals.get()).isEqualTo(4);
        assertThat(ring.taken(Command.RegisterAgent.class)).hasSize(1);
    }

    @Test
    void killsWithTheGraceOfTheApp() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1").join();
        ring.ask(TestApps.submitSleeper("/app", 2));
        List<Long> instances = agent.awaitLaunches(2);
        ring.ask(new Command.KillInstances(List.of(instances.get(1)), true, true));
        Eventually.holds("the kill comes", () -> !agent.kills().isEmpty());
        assertThat(agent.kills()).containsExactly(Kill.newBuilder()
                .setInstanceId(instances.get(1)).setGraceMs(TestApps.GRACE_MS).build());
    }

    @Test
    void refusesACopiedFolderWhileTheFirstIsConnected() {
        AgentGateway gateway = gateway(PATIENT);
        FakeAgent first = agent("a1").join();
        FakeAgent copy = agent("a1");
        copy.register(copy.registration().setIncarnation(8));
        assertThat(copy.awaitEnd().isOk()).isTrue();
        assertThat(copy.refusal().orElseThrow()).contains("another agent named a1")
                .contains("data folder");
        assertThat(counters.refusals()).isEqualTo(1);

        first.beat(1, 1);
        Eventually.holds("the first is heard still", () -> gateway.usage(1).isPresent());
        assertThat(first.ended).isNotDone();
        assertThat(ring.condition("a1")).contains(AgentCondition.LIVE);
    }

    @Test
    void aNewConnectionOfTheSameAgentTakesThePlaceOfTheOld() {
        gateway(PATIENT);
        FakeAgent old = agent("a1").join();
        FakeAgent renewed = agent("a1").join();
        assertThat(old.awaitEnd().getCode()).isEqualTo(Status.Code.ABORTED);
        ring.ask(TestApps.submitSleeper("/app", 1));
        renewed.awaitLaunches(1);
        assertThat(old.orders()).isEmpty();
        assertThat(ring.taken(Command.AgentFellSilent.class)).isEmpty();
        assertThat(counters.connected()).isEqualTo(1);
    }

    @Test
    void refusesStrangersWithASentence() {
        gateway(PATIENT);
        FakeAgent foreign = agent("a1");
        foreign.register(foreign.registration().setClusterId("0123456789abcdef"));
        foreign.awaitEnd();
        assertThat(foreign.refusal().orElseThrow()).contains("0123456789abcdef")
                .contains(TestRing.CLUSTER);

        FakeAgent ahead = agent("a2");
        ahead.register(ahead.registration().setEpochHighest(EPOCH + 1));
        ahead.awaitEnd();
        assertThat(ahead.refusal().orElseThrow()).contains("a newer leader exists");

        FakeAgent silentTreatment = agent("a3");
        silentTreatment.beat(1, 1);
        assertThat(silentTreatment.awaitEnd().getCode())
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(ring.taken(Command.RegisterAgent.class)).isEmpty();
    }

    @Test
    void answersHeartbeatsWithItsEpoch() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1").join();
        assertThat(agent.heard.getFirst().getWelcome().getSilentAfterMs()).isEqualTo(2_500);
        agent.say(AgentMessage.newBuilder()
                .setHeartbeat(io.springtide.api.agent.Heartbeat.newBuilder().setNumber(7)));
        Eventually.holds("answered", () -> agent.heard.stream().anyMatch(
                message -> message.hasBeat() && message.getBeat().getNumber() == 7
                        && message.getEpoch() == EPOCH));
    }

    /** A store that was lost comes back as another cluster, and the agents know better. */
    @Test
    void saysThatAgentsOfAnotherClusterCameAndKillsNothing() {
        AgentGateway gateway = gateway(PATIENT);
        assertThat(gateway.foreign()).isEmpty();
        FakeAgent stranger = agent("a1");
        stranger.register(stranger.registration().setClusterId("0123456789abcdef").addHeld(3)
                .addHeld(4));
        Eventually.holds("refused", () -> stranger.heard.stream()
                .anyMatch(MasterMessage::hasRefused));
        assertThat(stranger.heard).noneMatch(MasterMessage::hasOrders);
        assertThat(gateway.foreign()).hasValueSatisfying(foreign -> {
            assertThat(foreign.cluster()).isEqualTo("0123456789abcdef");
            assertThat(foreign.agents()).isEqualTo(1);
            assertThat(foreign.instances()).isEqualTo(2);
        });
    }

    @Test
    void callsAnAgentSilentThatSaysNothingAndNotOneThatBeats() {
        AgentGateway gateway = gateway(PATIENT.withTimes(Duration.ofMillis(100),
                Duration.ofMillis(1_500), Duration.ofMinutes(10)));
        FakeAgent mute = agent("mute").join();
        FakeAgent lively = agent("lively").join();
        Eventually.holds("the mute one is suspect", () -> {
            lively.beat(1, 1);
            return ring.condition("mute").equals(Optional.of(AgentCondition.SUSPECT));
        });
        assertThat(ring.condition("lively")).contains(AgentCondition.LIVE);
        assertThat(mute.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(gateway.contact(new AgentId("mute")).orElseThrow().connected()).isFalse();

        agent("mute").join();
        assertThat(ring.condition("mute")).contains(AgentCondition.LIVE);
    }

    @Test
    void saysAgainThatAnAgentIsSilentUntilThereIsRoom() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1").join();
        AtomicInteger refusals = new AtomicInteger();
        ring.full = command -> command instanceof Command.AgentFellSilent
                && refusals.incrementAndGet() <= 3;
        agent.close();
        Eventually.holds("the agent is suspect",
                () -> ring.condition("a1").equals(Optional.of(AgentCondition.SUSPECT)));
        assertThat(refusals.get()).isEqualTo(4);
    }

    /**
     * Goal: what was said late of an old connection does not hit the new one. Method: no room for any
     * AgentFellSilent; another agent's many attempts show that the first's would have come by now.
     */
    @Test
    void anAgentThatIsBackIsNotCalledSilentBelatedly() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1").join();
        FakeAgent other = agent("a2").join();
        AtomicInteger ofFirst = new AtomicInteger();
        AtomicInteger ofOther = new AtomicInteger();
        ring.full = command -> {
            if (command instanceof Command.AgentFellSilent silent) {
                (silent.agent().name().equals("a1") ? ofFirst : ofOther).incrementAndGet();
                return true;
            }
            return false;
        };
        agent.close();
        Eventually.holds("there is no room", () -> ofFirst.get() >= 2);
        agent("a1").join();
        int before = ofFirst.get();
        other.close();
        Eventually.holds("the other is tried many times",
                () -> ofOther.get() >= 12);
        assertThat(ofFirst.get()).isEqualTo(before);
        assertThat(ring.condition("a1")).contains(AgentCondition.LIVE);
    }

    @Test
    void callsThoseSilentThatDoNotComeToANewReign() {
        AgentGateway first = gateway(PATIENT);
        agent("gone").join();
        FakeAgent there = agent("there").join();
        first.close();
        there.awaitEnd();
        assertThat(ring.condition("gone")).as("the end of a reign is not the agents' silence")
                .contains(AgentCondition.LIVE);

        gateway(PATIENT.withTimes(Duration.ofMillis(100),
                Duration.ofMinutes(10), Duration.ofMillis(1_500)));
        agent("there").join();
        Eventually.holds("the one that did not come is suspect",
                () -> ring.condition("gone").equals(Optional.of(AgentCondition.SUSPECT)));
        assertThat(ring.condition("there")).contains(AgentCondition.LIVE);
    }

    @Test
    void closesAnAgentThatDoesNotKeepUpAndStartsAfresh() {
        gateway(PATIENT.withPendingMax(10));
        // Reads its Welcome and nothing else; a few large specs then fill what lies between.
        FakeAgent slow = new FakeAgent(door.port(), "a1", 1);
        closeables.push(slow);
        slow.join();
        String large = "x".repeat(200_000);
        for (int i = 0; i < 12 && counters.slowClosed() == 0; i++) {
            ring.ask(TestApps.submit(TestApps.spec("{'id':'/app-" + i
                    + "','cmd':'sleep 1','env':{'LARGE':'" + large + "'}}", 8, 1)));
        }
        Eventually.holds("the connection is given up", () -> counters.slowClosed() == 1);
        Eventually.holds("the agent is suspect",
                () -> ring.condition("a1").equals(Optional.of(AgentCondition.SUSPECT)));
        slow.readMore();
        assertThat(slow.awaitEnd().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        FakeAgent renewed = agent("a1").join();
        int wanted = ring.view.read(state -> state.instanceCount());
        assertThat(renewed.awaitLaunches(wanted)).hasSize(wanted).doesNotHaveDuplicates();
    }

    @Test
    void readsFilesThroughTheStream() throws Exception {
        AgentGateway gateway = gateway(PATIENT);
        AgentId id = new AgentId("a1");
        assertThatThrownBy(() -> gateway.readFile(id, 3, "stdout", 0, 10).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AgentUnavailable.class)
                .hasMessageContaining("agent a1 is not connected");
        FakeAgent agent = agent("a1").join();
        CompletableFuture<FileChunk> answer = gateway.readFile(id, 3, "stdout", -10, 10);
        ReadFile question = Eventually.value("the question comes",
                () -> agent.heard.stream().filter(MasterMessage::hasReadFile)
                        .map(MasterMessage::getReadFile).findFirst());
        assertThat(question.getFile()).isEqualTo("stdout");
        assertThat(question.getOffset()).isEqualTo(-10);
        agent.say(AgentMessage.newBuilder().setFileChunk(FileChunk.newBuilder()
                .setRequestId(question.getRequestId()).setSize(77)));
        assertThat(answer.get().getSize()).isEqualTo(77);

        for (int i = 0; i < FileReads.PENDING_MAX; i++) {
            assertThat(gateway.readFile(id, 3, "stdout", 0, 10)).isNotDone();
        }
        assertThat(gateway.readFile(id, 3, "stdout", 0, 10)).isCompletedExceptionally();
        assertThat(gateway.contact(id).orElseThrow().connected()).isTrue();
        assertThat(gateway.contact(id).orElseThrow().version()).isEqualTo("0.1");
    }

    @Test
    void aDefinitionThatCannotBeReadIsTheAppsTroubleOnly() {
        gateway(PATIENT);
        FakeAgent agent = agent("a1").join();
        ring.ask(TestApps.submit(TestApps.spec("/broken", "no json at all", 1, 0)));
        long broken = agent.awaitLaunches(1).getFirst();
        assertThat(agent.specs()).isEmpty();
        agent.report(1, Condition.ERROR, broken);
        ring.ask(TestApps.submitSleeper("/sound", 1));
        agent.awaitLaunches(2);
        assertThat(ring.failure).isEmpty();
    }
}
