package io.springtide.agent.health;

import com.sun.net.httpserver.HttpServer;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProbeTest {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Probe probe = new Probe(new FakeInside(), timer);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private static HealthTarget target(int hostPort) {
        TaskSpec spec = TaskSpec.newBuilder().addPorts(PortSpec.newBuilder().setHostPort(true))
                .build();
        return HealthTarget.of(
                new Task(1, "t", spec, List.of(hostPort), Map.of(), Path.of("/tmp")), "");
    }

    private static HealthCheck check(HealthCheck.Protocol protocol, String path) {
        return HealthCheck.newBuilder().setProtocol(protocol).setPath(path).setTimeoutMs(30_000)
                .build();
    }

    @Test
    void httpIsHealthyFrom200To399() throws IOException {
        HttpServer server = HttpServer
                .create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            HealthTarget target = target(server.getAddress().getPort());
            for (int good : List.of(200, 204, 302, 399)) {
                assertThat(probe.run(target, check(HealthCheck.Protocol.HTTP, "/" + good)))
                        .isEqualTo(new Outcome.Healthy());
            }
            for (int bad : List.of(400, 404, 500)) {
                assertThat(probe.run(target, check(HealthCheck.Protocol.HTTP, "/" + bad)))
                        .isEqualTo(new Outcome.Unhealthy("HTTP status " + bad));
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void tcpAsksOnlyWhetherSomebodyListens() throws IOException {
        int port;
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = listening.getLocalPort();
            assertThat(probe.run(target(port), check(HealthCheck.Protocol.TCP, "")))
                    .isEqualTo(new Outcome.Healthy());
        }
        assertThat(probe.run(target(port), check(HealthCheck.Protocol.TCP, "")))
                .isInstanceOf(Outcome.Unhealthy.class);
    }

    @Test
    void whatIsNotHttpIsUnhealthy() throws IOException {
        try (RawServer ssh = new RawServer("SSH-2.0-x\r\n"); RawServer mute = new RawServer("")) {
            assertThat(probe.run(target(ssh.port()), check(HealthCheck.Protocol.HTTP, "/")))
                    .isEqualTo(new Outcome.Unhealthy("the answer is not HTTP"));
            assertThat(probe.run(target(mute.port()), check(HealthCheck.Protocol.HTTP, "/")))
                    .isEqualTo(new Outcome.Unhealthy(
                            "the connection was closed without an answer"));
        }
    }

    @Test
    void httpsAsksWhetherAndNotWho() throws Exception {
        try (SelfSigned server = new SelfSigned()) {
            HealthTarget target = target(server.port());
            assertThat(probe.run(target, check(HealthCheck.Protocol.HTTPS, "/200")))
                    .isEqualTo(new Outcome.Healthy());
            assertThat(probe.run(target, check(HealthCheck.Protocol.HTTPS, "/503")))
                    .isEqualTo(new Outcome.Unhealthy("HTTP status 503"));
            assertThat(probe.run(target, check(HealthCheck.Protocol.HTTP, "/200")))
                    .isInstanceOf(Outcome.Unhealthy.class);
        }
        try (RawServer plain = new RawServer("HTTP/1.1 200 OK\r\n\r\n")) {
            assertThat(probe.run(target(plain.port()), check(HealthCheck.Protocol.HTTPS, "/")))
                    .isInstanceOf(Outcome.Unhealthy.class);
        }
    }

    @Test
    void aSilentServerFailsByTimeout() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HealthCheck check = check(HealthCheck.Protocol.HTTP, "/").toBuilder().setTimeoutMs(100)
                    .build();
            assertThat(probe.run(target(listening.getLocalPort()), check))
                    .isEqualTo(new Outcome.Unhealthy("no answer within 100 ms"));
        }
    }

    @Test
    void aServerThatDawdlesOverItsHandshakeFailsByTimeout() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> dawdle(listening));
            HealthCheck check = check(HealthCheck.Protocol.HTTPS, "/").toBuilder()
                    .setTimeoutMs(400).build();
            assertThat(probe.run(target(listening.getLocalPort()), check))
                    .isEqualTo(new Outcome.Unhealthy("no answer within 400 ms"));
        }
    }

    /** Announces a long TLS record, and sends it byte by byte. */
    private static void dawdle(ServerSocket listening) {
        try (Socket socket = listening.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write(new byte[]{0x16, 3, 3, 0x3f, 0});
            for (int i = 0; i < 1000; i++) {
                Thread.sleep(20);
                out.write(2);
            }
        } catch (IOException goneAway) {
            // The client has had enough, as it should; what it made of this is looked at by the test.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void commandsAreRunInsideTheTask() {
        HealthCheck check = check(HealthCheck.Protocol.COMMAND, "");
        assertThat(probe.run(target(1), check.toBuilder().setCommand("true").build()))
                .isEqualTo(new Outcome.Healthy());
        assertThat(probe.run(target(1), check.toBuilder().setCommand("4").build()))
                .isEqualTo(new Outcome.Unhealthy("the command ended with exit code 4"));
        assertThat(probe.run(target(1), check.toBuilder().setCommand("5 no luck").build()))
                .isEqualTo(new Outcome.Unhealthy("the command ended with exit code 5: no luck"));
        assertThat(probe.run(target(1), check.toBuilder().setCommand("slow").build()))
                .isEqualTo(new Outcome.Unhealthy("the command took longer than 30000 ms"));
    }

    @Test
    void informationalAnswersCanBeIgnored() {
        HealthCheck ignoring = HealthCheck.newBuilder().setIgnoreHttp1Xx(true).build();
        assertThat(Probe.judge(102, ignoring)).isEqualTo(new Outcome.Ignored());
        assertThat(Probe.judge(102, HealthCheck.getDefaultInstance()))
                .isEqualTo(new Outcome.Unhealthy("HTTP status 102"));
        assertThat(Probe.judge(500, ignoring)).isInstanceOf(Outcome.Unhealthy.class);
    }
}
