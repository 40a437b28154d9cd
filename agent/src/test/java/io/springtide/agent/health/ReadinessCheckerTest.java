package io.springtide.agent.health;

import com.sun.net.httpserver.HttpServer;
import io.springtide.agent.Await;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.ReadinessCheck;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadinessCheckerTest {

    private final List<ReadinessReport> reports = new CopyOnWriteArrayList<>();
    private final ReadinessChecker checker = new ReadinessChecker(
            (id, report) -> reports.add(report));
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int status = 503;
    private volatile String body = "warming up";
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ready", exchange -> {
            asked.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        checker.close();
        server.stop(0);
    }

    private HealthTarget target(int port) {
        TaskSpec spec = TaskSpec.newBuilder().addPorts(PortSpec.newBuilder())
                .addPorts(PortSpec.newBuilder().setHostPort(true)).build();
        return HealthTarget.of(new Task(1, "t", spec, List.of(port), Map.of(), Path.of("/")), "");
    }

    private static ReadinessCheck.Builder check() {
        return ReadinessCheck.newBuilder().setPath("/ready").setPortIndex(1).setIntervalMs(100)
                .setTimeoutMs(30_000).addReadyStatuses(200).addReadyStatuses(204);
    }

    @Test
    void asksUntilItIsReadyAndThenNoMore() {
        checker.ask(target(server.getAddress().getPort()), check().build());
        Await.until("it has asked thrice", () -> asked.get() >= 3);
        assertThat(reports).as("only what changes is told")
                .containsExactly(ReadinessReport.newBuilder().setHttpStatus(503).build());
        status = 200;
        Await.until("it is ready", () -> reports.size() == 2);
        assertThat(reports.get(1))
                .isEqualTo(ReadinessReport.newBuilder().setReady(true).setHttpStatus(200).build());
        int before = asked.get();
        status = 503;
        checker.ask(target(1), check().build()); // as a clock: its first answer comes at once
        Await.until("another is asked", () -> reports.size() == 3);
        assertThat(asked.get()).isEqualTo(before);
    }

    @Test
    void whatWasThawedIsAskedAgainSoon() {
        checker.askThawed(target(server.getAddress().getPort()),
                check().setIntervalMs(60_000).build());
        Await.until("it has asked often", () -> asked.get() >= 4);
        status = 200;
        Await.until("it is ready", () -> reports.size() == 2);
        assertThat(reports.get(1).getReady()).isTrue();
    }

    @Test
    void keepsTheBeginningOfTheLastAnswerIfItIsTo() {
        body = "x".repeat(5000);
        checker.ask(target(server.getAddress().getPort()),
                check().setPreserveLastResponse(true).build());
        Await.until("it has answered", () -> !reports.isEmpty());
        assertThat(reports.get(0)).isEqualTo(ReadinessReport.newBuilder().setHttpStatus(503)
                .setContentType("text/plain").setBody("x".repeat(1000)).build());
        body = "nearly";
        Await.until("the other answer is told", () -> reports.size() == 2);
        assertThat(reports.get(1).getBody()).isEqualTo("nearly");
    }

    @Test
    void noAnswerIsNotReadyAndMaySayWhy() {
        int port = server.getAddress().getPort();
        server.stop(0);
        checker.ask(target(port), check().build());
        Await.until("it has asked", () -> !reports.isEmpty());
        assertThat(reports.get(0)).isEqualTo(ReadinessReport.getDefaultInstance());
        checker.ask(target(port), check().setPreserveLastResponse(true).build());
        Await.until("it has asked again", () -> reports.size() == 2);
        assertThat(reports.get(1).getHttpStatus()).isZero();
        assertThat(reports.get(1).getBody()).contains("refused");
    }

    @Test
    void httpsIsNotVerified() throws Exception {
        try (SelfSigned secure = new SelfSigned()) {
            checker.ask(target(secure.port()), check().setHttps(true).setPath("204").build());
            Await.until("it is ready, and not: " + reports,
                    () -> reports.stream().anyMatch(ReadinessReport::getReady));
        }
    }

    @Test
    void whatIsStoppedIsNotAskedAgain() {
        checker.ask(target(server.getAddress().getPort()), check().build());
        Await.until("it is asked", () -> asked.get() > 0);
        checker.stop(1);
        Await.until("the round that was under way is over", () -> {
            int before = asked.get();
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return asked.get() == before;
        });
    }
}
