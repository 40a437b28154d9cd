package io.springtide.agent;

import io.springtide.api.agent.Artifact;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole agent with standbys that are real processes. */
class StandbyIT {

    private static final String COUNT = "i=0; while true; do i=$((i+1)); echo $i; sleep 0.02; done";

    @TempDir
    Path data = Path.of("");

    private final FakeMaster master = new FakeMaster(5, 0);
    private Optional<Agent> agent = Optional.empty();

    @BeforeEach
    void start() {
        agent = Optional.of(master.startAgent(data, Runtime.PROCESS));
    }

    @AfterEach
    void stop() {
        agent.ifPresent(running -> {
            running.stopTasks(100);
            running.close();
        });
        master.close();
    }

    private void restart() {
        agent.ifPresent(Agent::close);
        Await.until("the master notices", () -> !master.connected());
        start();
    }

    private static TaskSpec spec(String command) {
        return TaskSpec.newBuilder().setDigest("digest of " + command).setAppId("/app")
                .setCommand(command).setRuntime(Runtime.PROCESS)
                .setTaskIdPrefix(TaskIds.prefix("/app", FakeMaster.CLUSTER)).build();
    }

    private Path sandbox(long id) {
        return data.resolve("sandboxes")
                .resolve(TaskIds.taskId(TaskIds.prefix("/app", FakeMaster.CLUSTER), id));
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static void counts(Path file) {
        long before = bytes(file);
        Await.until("it counts", () -> bytes(file) > before);
    }

    private static void standsStill(Path file) {
        long before = bytes(file);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(bytes(file)).isEqualTo(before);
    }

    private void neverRan(long id) {
        assertThat(master.statuses.getOrDefault(id, List.of()))
                .extracting(InstanceStatus::getCondition).doesNotContain(Condition.RUNNING);
    }

    @Test
    void aStandbyIsFrozenOutlivesTheAgentAndServesWhenItIsThawed() {
        master.standby(spec(COUNT), List.of(1L), List.of());
        master.await(1, Condition.PAUSED);
        Path stdout = sandbox(1).resolve("stdout");
        standsStill(stdout);
        neverRan(1);
        int heard = master.heard(1);
        restart();
        Await.until("it is found frozen", () -> master.heard(1) > heard
                && master.last(1).getCondition() == Condition.PAUSED);
        neverRan(1);
        standsStill(stdout);
        master.look(7);
        Await.until("the look is answered", () -> !master.holdings.isEmpty());
        assertThat(master.holdings.get(0).getHeld(0).getCondition()).isEqualTo(Condition.PAUSED);
        master.thaw(List.of(1L));
        master.await(1, Condition.RUNNING);
        counts(stdout);
        int heardThawed = master.heard(1);
        restart();
        Await.until("it is found running", () -> master.heard(1) > heardThawed
                && master.last(1).getCondition() == Condition.RUNNING);
        counts(stdout);
    }

    @Test
    void aStandbyIsFrozenOnlyWhenItIsHealthyAndHealthyAgainBeforeThatIsTold() throws IOException {
        TaskSpec checked = spec(COUNT).toBuilder().setDigest("checked")
                .addHealthChecks(HealthCheck.newBuilder().setProtocol(HealthCheck.Protocol.COMMAND)
                        .setCommand("test -e well").setIntervalMs(200).setTimeoutMs(5_000)
                        .setGracePeriodMs(60_000).setConsecutiveFailuresMax(3))
                .build();
        master.standby(checked, List.of(1L), List.of());
        Await.until("it says that it is not well",
                () -> !master.last(1).getHealth().getLastFailure().isEmpty());
        assertThat(master.last(1).getCondition()).isEqualTo(Condition.STARTING);
        Files.writeString(sandbox(1).resolve("well"), "");
        master.await(1, Condition.PAUSED);
        neverRan(1);
        int heard = master.heard(1);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        assertThat(master.heard(1)).as("no check while it is frozen").isEqualTo(heard);
        Files.delete(sandbox(1).resolve("well"));
        master.thaw(List.of(1L));
        assertThat(master.await(1, Condition.RUNNING).hasHealth()).isFalse();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
        assertThat(master.last(1).getHealth().getAlive()).isFalse();
        Files.writeString(sandbox(1).resolve("well"), "");
        Await.until("it is well", () -> master.last(1).getHealth().getAlive());
        assertThat(master.last(1).getCondition()).isEqualTo(Condition.RUNNING);
    }

    @Test
    void aKillOfAFrozenOneLetsItEndByItself() {
        // Not frozen before it has set its trap.
        TaskSpec trapped = spec("trap 'exit 5' TERM; touch trapped; " + COUNT).toBuilder()
                .addHealthChecks(HealthCheck.newBuilder().setProtocol(HealthCheck.Protocol.COMMAND)
                        .setCommand("test -e trapped").setIntervalMs(100)
                        .setTimeoutMs(10_000).setGracePeriodMs(60_000))
                .build();
        master.standby(trapped, List.of(1L), List.of());
        master.await(1, Condition.PAUSED);
        master.kill(1, 20_000);
        assertThat(master.await(1, Condition.KILLED).getExitCode()).isEqualTo(5);
        neverRan(1);
    }

    @Test
    void allContainersOfAPodAreFrozen() {
        TaskSpec pod = spec("").toBuilder().setDigest("pod")
                .addContainers(PodContainer.newBuilder().setName("a").setSpec(spec(COUNT)))
                .addContainers(PodContainer.newBuilder().setName("b").setSpec(spec(COUNT)))
                .build();
        master.standby(pod, List.of(1L), List.of());
        assertThat(master.await(1, Condition.PAUSED).getContainersList())
                .allMatch(one -> one.getCondition() == Condition.PAUSED);
        Path a = sandbox(1).resolve("containers/a/stdout");
        Path b = sandbox(1).resolve("containers/b/stdout");
        standsStill(a);
        standsStill(b);
        master.thaw(List.of(1L));
        master.await(1, Condition.RUNNING);
        counts(a);
        counts(b);
    }

    @Test
    void fiftyServeSoonAfterTheOrder() {
        List<Long> fifty = LongStream.rangeClosed(1, 50).boxed().toList();
        master.standby(spec("exec sleep 1000"), fifty, List.of());
        fifty.forEach(id -> master.await(id, Condition.PAUSED));
        long firstNs = System.nanoTime();
        master.thaw(List.of(1L));
        master.await(1, Condition.RUNNING);
        long firstMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - firstNs);
        long begunNs = System.nanoTime();
        master.thaw(fifty);
        Await.until("all serve", () -> fifty.stream()
                .allMatch(id -> master.last(id).getCondition() == Condition.RUNNING));
        long allMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
        System.out.println("thawed processes: the first after " + firstMs + " ms, fifty after "
                + allMs + " ms");
    }

    @Test
    void whatIsFetchedAheadOfTimeIsNotFetchedAgain() throws IOException {
        Path origin = data.resolve("origin");
        Files.writeString(origin, "hello");
        Artifact artifact = Artifact.newBuilder().setUri(origin.toUri().toString())
                .setCache(true).build();
        master.prefetch(Prefetch.newBuilder().setId("p1").addArtifacts(artifact).build(),
                Prefetch.newBuilder().setId("p2").setImage("busybox").build());
        Await.until("it is fetched", () -> state("p1").getStage() == Stage.DONE);
        assertThat(state("p1").getBytesDone()).isEqualTo(5);
        Await.until("the image is given up for now",
                () -> state("p2").getError().contains("--runtime docker"));
        Files.delete(origin);
        master.launch(spec("cat origin").toBuilder().addArtifacts(artifact).build(), 1L);
        master.await(1, Condition.FINISHED);
        assertThat(Files.readString(sandbox(1).resolve("stdout"))).isEqualTo("hello");
        int before = master.prefetched.size();
        master.prefetch();
        Await.until("nothing is wanted any more", () -> master.prefetched.size() > before
                && master.prefetched.getLast().getStatesCount() == 0);
    }

    private PrefetchState state(String id) {
        return master.prefetched.stream().flatMap(told -> told.getStatesList().stream())
                .filter(state -> state.getId().equals(id)).reduce((first, last) -> last)
                .orElse(PrefetchState.getDefaultInstance());
    }
}
