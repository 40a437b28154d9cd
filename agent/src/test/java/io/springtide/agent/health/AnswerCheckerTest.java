package io.springtide.agent.health;

import com.sun.net.httpserver.HttpServer;
import io.springtide.agent.Await;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthCheck.Protocol;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How the checks are asked whose answers are only shown. */
class AnswerCheckerTest {

    private final List<CheckReport> reports = new CopyOnWriteArrayList<>();
    private final AnswerChecker checker = new AnswerChecker((id, report) -> reports.add(report),
            new FakeInside());

    @AfterEach
    void end() {
        checker.close();
    }

    private static HealthTarget target(int port) {
        TaskSpec spec = TaskSpec.newBuilder().addPorts(PortSpec.newBuilder().setHostPort(true))
                .build();
        return HealthTarget.of(new Task(1, "t", spec, List.of(port), Map.of(), Path.of("/")), "");
    }

    private static HealthCheck.Builder check(Protocol protocol) {
        return HealthCheck.newBuilder().setProtocol(protocol).setPath("/").setIntervalMs(100)
                .setTimeoutMs(30_000);
    }

    private static CheckReport http(int status) {
        return CheckReport.newBuilder().setHttpStatus(status).build();
    }

    @Test
    void goesOnAskingAndTellsOnlyWhatChanges() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger status = new AtomicInteger(200);
        HttpServer server = HttpServer
                .create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        try {
            checker.ask(target(server.getAddress().getPort()), check(Protocol.HTTP).build());
            Await.until("it has asked thrice", () -> asked.get() >= 3);
            assertThat(reports).containsExactly(http(200));
            status.set(503);
            Await.until("the other status is told", () -> reports.size() == 2);
            assertThat(reports.get(1)).isEqualTo(http(503));
        } finally {
            server.stop(0);
        }
        Await.until("that nobody answers is told", () -> reports.size() == 3);
        assertThat(reports.get(2)).isEqualTo(CheckReport.getDefaultInstance());
    }

    @Test
    void whetherSomebodyListensIsTheAnswerOfTcp() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            checker.ask(target(listening.getLocalPort()), check(Protocol.TCP).build());
            Await.until("somebody listens", () -> !reports.isEmpty());
        }
        Await.until("nobody does", () -> reports.size() == 2);
        assertThat(reports).containsExactly(CheckReport.newBuilder().setTcpSucceeded(true).build(),
                CheckReport.newBuilder().setTcpSucceeded(false).build());
    }

    @Test
    void theExitCodeIsTheAnswerOfACommand() {
        assertThat(
                AnswerChecker.report(new Answer.Exited(4, "no"), check(Protocol.COMMAND).build()))
                .contains(CheckReport.newBuilder().setExitCode(4).build());
        assertThat(AnswerChecker.report(new Answer.Exited(-1, ""), check(Protocol.COMMAND).build()))
                .as("not known").contains(CheckReport.getDefaultInstance());
        assertThat(AnswerChecker.report(new Answer.Interrupted(), check(Protocol.COMMAND).build()))
                .isEmpty();
        checker.ask(target(1), check(Protocol.COMMAND).setCommand("true").build());
        Await.until("it has run", () -> !reports.isEmpty());
        assertThat(reports.get(0).hasExitCode()).as("0 is an answer, too").isTrue();
        checker.ask(target(1), check(Protocol.COMMAND).setCommand("slow").build());
        Await.until("it took too long", () -> reports.size() == 2);
        assertThat(reports.get(1)).isEqualTo(CheckReport.getDefaultInstance());
    }

    @Test
    void nothingIsAskedBeforeTheDelayIsOverOrAfterTheEnd() {
        long begunNs = System.nanoTime();
        checker.ask(target(1), check(Protocol.COMMAND).setCommand("3").setDelayMs(500).build());
        Await.until("it has run", () -> !reports.isEmpty());
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs))
                .isGreaterThanOrEqualTo(500);
        checker.ask(target(1), check(Protocol.COMMAND).setCommand("4").setDelayMs(300).build());
        checker.stop(1);
        checker.ask(new HealthTarget(2, "", target(1).spec(), List.of(1), "", target(1).task(),
                target(1).task()), // as a clock
                check(Protocol.COMMAND).setCommand("5").setDelayMs(1_500).build());
        Await.until("the other is asked", () -> reports.size() == 2);
        assertThat(reports.get(1).getExitCode()).isEqualTo(5);
    }
}
