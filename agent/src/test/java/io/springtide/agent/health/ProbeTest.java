package io.springtide.agent.health;

import com.sun.net.httpserver.HttpServer;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProbeTest {

    private final Probe probe = new Probe();

    private static HealthTarget target(int hostPort) {
        TaskSpec spec = TaskSpec.newBuilder().addPorts(PortSpec.newBuilder().setHostPort(true))
                .build();
        return new HealthTarget(1, spec, List.of(hostPort), "", Map.of("A", "b"), Path.of("/tmp"));
    }

    private static HealthCheck check(HealthCheck.Protocol protocol, String path) {
        return HealthCheck.newBuilder().setProtocol(protocol).setPath(path).setTimeoutMs(5000)
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
    void aSilentServerFailsByTimeout() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HealthCheck check = check(HealthCheck.Protocol.HTTP, "/").toBuilder().setTimeoutMs(100)
                    .build();
            assertThat(probe.run(target(listening.getLocalPort()), check))
                    .isEqualTo(new Outcome.Unhealthy("no answer within 100 ms"));
        }
    }

    @Test
    void commandsSeeTheTasksEnvironment() {
        HealthCheck good = check(HealthCheck.Protocol.COMMAND, "").toBuilder()
                .setCommand("test \"$A\" = b").build();
        HealthCheck bad = good.toBuilder().setCommand("exit 4").build();
        assertThat(probe.run(target(1), good)).isEqualTo(new Outcome.Healthy());
        assertThat(probe.run(target(1), bad))
                .isEqualTo(new Outcome.Unhealthy("the command ended with exit code 4"));
    }

    @Test
    void informationalAnswersCanBeIgnored() {
        HealthCheck ignoring = HealthCheck.newBuilder().setIgnoreHttp1Xx(true).build();
        assertThat(Probe.judge("HTTP/1.1 102 Processing", ignoring))
                .isEqualTo(new Outcome.Ignored());
        assertThat(Probe.judge("HTTP/1.1 102 Processing", HealthCheck.getDefaultInstance()))
                .isInstanceOf(Outcome.Unhealthy.class);
        assertThat(Probe.judge("SSH-2.0", ignoring)).isInstanceOf(Outcome.Unhealthy.class);
    }
}
