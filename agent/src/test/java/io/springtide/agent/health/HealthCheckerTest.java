package io.springtide.agent.health;

import io.springtide.agent.Await;
import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Inside;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How the checks of one instance are timed and summed up. */
class HealthCheckerTest implements Inside {

    private record Heard(HealthReport whole, Map<String, HealthReport> containers) {}

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    /** By command: its exit code. */
    private final Map<String, Integer> codes = new ConcurrentHashMap<>();
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final HealthChecker checker = new HealthChecker(
            (id, whole, containers) -> heard.add(new Heard(whole, containers)), this);

    @Override
    public CommandEnd command(Task task, String command, Duration timeout) {
        runs.merge(command, 1, Integer::sum);
        return new CommandEnd.Exited(codes.getOrDefault(command, 0), "");
    }

    @Override
    public Optional<String> ipv6Address(Task task) {
        return Optional.empty();
    }

    @AfterEach
    void close() {
        checker.close();
    }

    private static HealthCheck.Builder check(String command) {
        return HealthCheck.newBuilder().setProtocol(HealthCheck.Protocol.COMMAND)
                .setCommand(command).setIntervalMs(100).setConsecutiveFailuresMax(3);
    }

    private static HealthTarget target(String container, HealthCheck.Builder... checks) {
        TaskSpec.Builder spec = TaskSpec.newBuilder();
        List.of(checks).forEach(spec::addHealthChecks);
        Task task = new Task(1, "t", spec.build(), List.of(), Map.of(), Path.of("/"));
        return new HealthTarget(1, container, spec.build(), List.of(), "", task, task);
    }

    private Heard last() {
        return heard.get(heard.size() - 1);
    }

    @Test
    void aPodIsAsHealthyAsTheWorstOfItsContainers() {
        codes.put("b", 1);
        checker.watch(1, List.of(target("web", check("a")), target("log"),
                target("db", check("b"), check("c"))), false, false);
        Await.until("db is at its limit and the others are alive", () -> !heard.isEmpty()
                && last().whole().getExhausted() && last().containers().containsKey("web"));
        Heard seen = last();
        assertThat(seen.whole().getAlive()).isFalse();
        assertThat(seen.whole().getConsecutiveFailures()).isGreaterThanOrEqualTo(3);
        assertThat(seen.containers()).containsOnlyKeys("web", "db");
        assertThat(seen.containers().get("web")).isEqualTo(
                HealthReport.newBuilder().setAlive(true).build());
        assertThat(seen.containers()).extractingByKey("db").satisfies(db -> {
            assertThat(db.getAlive()).isFalse();
            assertThat(db.getExhausted()).isTrue();
            assertThat(db.getLastFailure()).contains("exit code 1");
        });
        codes.put("b", 0);
        Await.until("all are alive", () -> last().whole().getAlive());
        assertThat(last().whole().getConsecutiveFailures()).isZero();
    }

    @Test
    void nothingIsAskedBeforeTheDelayIsOver() {
        long begunNs = System.nanoTime();
        checker.watch(1, List.of(target("", check("late").setDelayMs(700))), false, false);
        Await.until("it is asked", () -> runs.containsKey("late"));
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs))
                .isGreaterThanOrEqualTo(700);
        Await.until("its report is heard", () -> !heard.isEmpty());
        assertThat(last().containers()).as("an app has no containers").isEmpty();
    }

    /** However long its interval and delay are, and without counting what was asked in a hurry. */
    @Test
    void whatWasThawedIsAskedAtOnceAndOften() {
        codes.put("t", 1);
        checker.watch(1, List.of(target("", check("t").setDelayMs(60_000)
                .setIntervalMs(60_000))), false, true);
        Await.until("it is asked often", () -> runs.getOrDefault("t", 0) > 4);
        assertThat(heard).isEmpty();
        codes.put("t", 0);
        Await.until("it is alive", () -> !heard.isEmpty());
        assertThat(last().whole().getAlive()).isTrue();
        assertThat(last().whole().getConsecutiveFailures()).isZero();
    }

    /** However long its interval is: traffic waits for the first success. */
    @Test
    void whatComesUpIsAskedOftenUntilItIsAlive() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        checker.watch(1, List.of(target("", HealthCheck.newBuilder().setPort(port)
                .setProtocol(HealthCheck.Protocol.TCP).setIntervalMs(600_000)
                .setGracePeriodMs(600_000).setTimeoutMs(30_000))), false, false);
        Await.until("nobody is there", () -> !heard.isEmpty());
        assertThat(last().whole().getAlive()).isFalse();
        try (ServerSocket up = new ServerSocket(port, 9, InetAddress.getLoopbackAddress())) {
            Await.until("it is alive", () -> last().whole().getAlive());
            assertThat(up.isBound()).isTrue();
        }
        assertThat(heard).as("one failure and one success").hasSize(2);
    }

    @Test
    void withinTheGraceFailuresAreToldAndNotCounted() {
        codes.put("x", 1);
        checker.watch(1, List.of(target("", check("x").setGracePeriodMs(60_000))), false, false);
        Await.until("it has failed often", () -> runs.getOrDefault("x", 0) > 4);
        assertThat(heard).as("told once").singleElement().satisfies(one -> {
            assertThat(one.whole().getAlive()).isFalse();
            assertThat(one.whole().getConsecutiveFailures()).isZero();
            assertThat(one.whole().getLastFailure()).isNotEmpty();
        });
    }
}
