package io.springtide.bench.api;

import io.springtide.bench.live.FakeAgents;
import io.springtide.bench.live.LocalCluster;
import io.springtide.master.journal.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;

/** A real master in a process of its own, many apps, and agents that cost next to nothing. */
final class ApiCluster implements AutoCloseable {

    /** Each some hundred bytes: together below the limit of a body. */
    private static final int APPS_AT_ONCE = 500;

    private static final int SCALED_AT_ONCE = 1_000;
    private static final int PORT_FIRST = 20_000;
    private static final int PORTS = 40_000;
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final Duration FILL = Duration.ofMinutes(10);
    private static final int AGENTS = 200;

    private final Path folder;
    private final LocalCluster cluster;
    private final FakeAgents agents;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int apps;
    private int instancesEach;

    /** What came of a request; the time is that to the last byte. */
    record Fetched(int status, long bytes, double seconds, String etag) {}

    ApiCluster(int apps, int instancesEach) throws IOException {
        this.apps = apps;
        this.instancesEach = instancesEach;
        folder = Files.createTempDirectory("tide-bench-api");
        // A machine that is busy with more than this must not lose its agents.
        cluster = new LocalCluster(folder, 0, "process",
                List.of("--agent-unreachable-after", "60s"));
        agents = new FakeAgents(cluster.agentPort(), AGENTS);
        boolean filled = false;
        try {
            fill(instancesEach);
            filled = true;
        } finally {
            if (!filled) {
                close();
            }
        }
    }

    private void fill(int instancesEach) throws IOException {
        LocalCluster.await("all agents to be live", FILL, this::agentsLive);
        for (int from = 0; from < apps; from += APPS_AT_ONCE) {
            StringJoiner body = new StringJoiner(",", "[", "]");
            for (int i = from; i < Math.min(apps, from + APPS_AT_ONCE); i++) {
                body.add(app(path(i), instancesEach, PORT_FIRST + i % PORTS));
            }
            expect(200, cluster.send("PUT", "/v2/apps?partialUpdate=false", body.toString()));
        }
        expect(201, cluster.send("POST", "/v2/apps", app("/small", 1, PORT_FIRST)));
        settled();
    }

    private boolean agentsLive() {
        try {
            return cluster.get("/tide/v1/status").body().path("agents").path("live")
                    .asInt() == AGENTS;
        } catch (IOException late) {
            return false;
        }
    }

    static String path(int app) {
        return "/shop-" + app % 100 + "/service-" + app;
    }

    int apps() {
        return apps;
    }

    URI uri(String path) {
        return cluster.uri(path);
    }

    /** Processor time of the master, in seconds. */
    double masterCpu() {
        return cluster.masterCpu().toNanos() / 1e9;
    }

    long launched() {
        return agents.launched();
    }

    /** Waits until no deployment is under way. */
    void settled() {
        LocalCluster.await("all deployments to end", FILL, () -> {
            try {
                return cluster.get("/v2/deployments").body().isEmpty();
            } catch (IOException late) {
                return false;
            }
        });
    }

    void post(String app) throws IOException {
        expect(201, cluster.send("POST", "/v2/apps", app));
    }

    /** Changes the wanted count of every app by so many. */
    void scaleAll(int by) throws IOException {
        instancesEach += by;
        for (int from = 0; from < apps; from += SCALED_AT_ONCE) {
            StringJoiner body = new StringJoiner(",", "[", "]");
            for (int i = from; i < Math.min(apps, from + SCALED_AT_ONCE); i++) {
                body.add("{\"id\":\"" + path(i) + "\",\"instances\":" + instancesEach + "}");
            }
            expect(200, cluster.send("PUT", "/v2/apps?force=true", body.toString()));
        }
    }

    /** Sends a change and returns how long it took to be accepted, in seconds. */
    double put(String path, String body) throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<Void> response = http.send(
                HttpRequest.newBuilder(uri(path)).header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.discarding());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("PUT " + path + " gave " + response.statusCode());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Reads an answer to its end and throws it away. */
    Fetched fetch(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        long start = System.nanoTime();
        HttpResponse<InputStream> response = http.send(request.build(),
                HttpResponse.BodyHandlers.ofInputStream());
        long bytes = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = response.body()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        return new Fetched(response.statusCode(), bytes, (System.nanoTime() - start) / 1e9,
                response.headers().firstValue("ETag").orElse(""));
    }

    private static void expect(int status, LocalCluster.Reply reply) {
        if (reply.status() != status) {
            throw new IllegalStateException("the master answered " + reply);
        }
    }

    /** With a service port of its own: the range that the cluster chooses from ends at ten thousand. */
    private static String app(String id, int instances, int servicePort) {
        return """
                {"id":"%s","cmd":"exec ./serve --port $PORT0","cpus":0.05,"mem":64,"instances":%d,
                 "labels":{"team":"shop","HAPROXY_GROUP":"external","HAPROXY_0_VHOST":"shop.example"},
                 "env":{"LOG_LEVEL":"info","REGION":"eu-1","JAVA_OPTS":"-Xmx48m -XX:+UseSerialGC"},
                 "portDefinitions":[{"port":%d,"name":"http"}],
                 "healthChecks":[{"protocol":"MESOS_HTTP","path":"/health","portIndex":0}]}"""
                .formatted(id, instances, servicePort);
    }

    @Override
    public void close() throws IOException {
        http.close();
        agents.close();
        cluster.close();
        Folders.delete(folder);
    }
}
