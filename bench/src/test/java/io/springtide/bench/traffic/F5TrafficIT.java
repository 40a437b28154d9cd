package io.springtide.bench.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.bench.live.LocalCluster;
import io.springtide.bench.live.Prerequisite;
import io.springtide.cloud.f5.FakeBigIp;
import io.springtide.cloud.f5.FakeDataPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: no request fails while a service behind a BIG-IP grows and shrinks. Method: a whole master with the
 * {@code f5} driver, agents and instances as processes, wrk; the BIG-IP is a simulated one, which carries each
 * request to a member that is enabled at that moment, and to no other one if that fails.
 */
class F5TrafficIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration CYCLE_AT_MOST = Duration.ofSeconds(60);
    private static final int CYCLES = Integer.getInteger("traffic.cycles", 1);
    private static final int CALM = 2;
    private static final int MANY = 6;
    private static final int CONNECTIONS = 16;

    @TempDir
    Path folder;

    @BeforeAll
    static void wrkIsThere() throws IOException, InterruptedException {
        Prerequisite.need("F5TrafficIT", new ProcessBuilder("sh", "-c", "command -v wrk")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0,
                "no wrk; build-support/install-haproxy.sh installs it");
    }

    @Test
    void growingAndShrinkingLosesNoRequest() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), FakeBigIp.PASSWORD);
        Path settings = folder.resolve("f5.properties");
        try (FakeBigIp bigIp = FakeBigIp.plain();
                FakeDataPlane plane = new FakeDataPlane(bigIp, "hello")) {
            Files.writeString(settings, """
                    url=http://127.0.0.1:%d
                    user=tide
                    password-file=%s
                    virtual-address=10.0.1.10
                    """.formatted(bigIp.port(), password));
            try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 2, "process",
                    List.of("--traffic", "f5=" + settings))) {
                underLoad(cluster, plane);
            }
        }
    }

    private static void underLoad(LocalCluster cluster, FakeDataPlane plane) throws IOException {
        assertThat(cluster.send("POST", "/v2/apps", app()).status()).isEqualTo(201);
        awaitOpen(cluster, CALM);
        try (Wrk wrk = new Wrk(plane.address(), "hello.example", CONNECTIONS,
                CYCLE_AT_MOST.multipliedBy(CYCLES))) {
            for (int i = 0; i < CYCLES; i++) {
                scale(cluster, MANY);
                scale(cluster, CALM);
            }
            assertThat(wrk.runs()).as("wrk lasts longer than the cycles").isTrue();
            wrk.stop();
            Wrk.Result result = wrk.result();
            System.out.println(
                    CYCLES + " times from " + CALM + " to " + MANY + " and back behind f5: "
                            + result);
            assertThat(result.failed()).isZero();
            assertThat(result.requests()).isGreaterThan(1_000);
        }
        assertThat(cluster.get("/tide/v1/traffic").body().path("cuts").asLong())
                .as("kills that cut requests short").isZero();
    }

    private static void scale(LocalCluster cluster, int instances) throws IOException {
        assertThat(cluster.send("PUT", "/v2/apps/hello?force=true",
                "{\"instances\":" + instances + "}").status()).isEqualTo(200);
        awaitOpen(cluster, instances);
    }

    private static void awaitOpen(LocalCluster cluster, int instances) {
        LocalCluster.await(instances + " instances to serve", PATIENCE, () -> {
            try {
                JsonNode service = cluster.get("/tide/v1/apps/hello/traffic").body()
                        .at("/services/0");
                return service.path("open").asInt() == instances
                        && service.path("draining").asInt() == 0
                        && cluster.get("/v2/deployments").body().isEmpty();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static String app() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return """
                {"id":"/hello","cmd":"exec %s -XX:+UseSerialGC -Xmx64m -cp '%s' %s $PORT0",
                 "cpus":0.1,"mem":96,"instances":%d,
                 "portDefinitions":[{"port":0,"name":"http"}],"labels":{"TIDE_0_HOST":"hello.example"},
                 "healthChecks":[{"protocol":"MESOS_HTTP","path":"/","portIndex":0,
                   "intervalSeconds":2,"gracePeriodSeconds":60,"timeoutSeconds":10}]}"""
                .formatted(java, System.getProperty("java.class.path"), Hello.class.getName(),
                        CALM);
    }
}
