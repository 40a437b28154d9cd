package io.springtide.agent.health;

import io.springtide.agent.Await;
import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Inside;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.TaskSpec;
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

    @Test
    void withinTheGraceFailuresAreToldAndNotCounted() {
        codes.put("x", 1);
        checker.watch(1, List.of(target("", check("x").setGracePeriodMs(60_000))), false, false);
        Await.until("it has failed often", () -> heard.size() > 4);
        assertThat(heard).allSatisfy(one -> {
            assertThat(one.whole().getAlive()).isFalse();
            assertThat(one.whole().getConsecutiveFailures()).isZero();
            assertThat(one.whole().getLastFailure()).isNotEmpty();
        });
    }
}
