package io.springtide.master;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.springtide.master.config.HostPort;
import io.springtide.master.config.MasterConfig;
import io.springtide.master.store.MemoryCluster;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Two real masters on one store: who leads, who follows, and what clients see of it. */
class StandbyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MemoryCluster store = new MemoryCluster();
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final List<Master> masters = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        masters.add(master());
        await("the first leads", () -> status(0, "/health/leader") == 200);
        masters.add(master());
        await("the second knows it", () -> status(1, "/health/ready") == 200);
    }

    @AfterEach
    void stop() {
        masters.forEach(Master::close);
        client.close();
        assertThat(fatal).isEmpty();
    }

    private Master master() throws IOException {
        return Master.start(new MasterConfig(new HostPort("127.0.0.1", freePort()),
                new HostPort("127.0.0.1", freePort()), "memory", false, Duration.ofSeconds(5),
                Duration.ofMinutes(5)), store.open(), fatal::add);
    }

    @Test
    void aStandbyPassesChangesOnAndShowsThemAtOnce() throws Exception {
        for (int i = 0; i < 50; i++) {
            HttpResponse<String> created = send(1, "POST", "/v2/apps", app("/app-" + i));
            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(created.headers().firstValue("Marathon-Deployment-Id")).isPresent();
            HttpResponse<String> read = send(1, "GET", "/v2/apps/app-" + i, "");
            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(read.headers().firstValue("X-Tide-Stale-Ms")).isPresent();
            assertThat(read.headers().firstValue("X-Marathon-Leader")).isPresent();
        }
        assertThat(send(0, "GET", "/v2/apps", "").headers().firstValue("X-Tide-Stale-Ms"))
                .isEmpty();
        assertThat(send(1, "POST", "/v2/apps", "{\"id\":").statusCode()).isEqualTo(400);
        assertThat(send(1, "DELETE", "/v2/apps/nobody", "").statusCode()).isEqualTo(404);
    }

    @Test
    void whoAbdicatesFollowsAndCanLeadAgain() throws Exception {
        assertThat(send(0, "POST", "/v2/apps", app("/a")).statusCode()).isEqualTo(201);
        for (int leader = 0; leader < 4; leader++) {
            int before = leader % 2;
            int after = 1 - before;
            HttpResponse<String> answer = send(after, "DELETE", "/v2/leader", "");
            assertThat(answer.body()).contains("Leadership abdicated");
            await("another leads", () -> status(after, "/health/leader") == 200);
            await("the one before follows", () -> status(before, "/health/leader") == 503
                    && status(before, "/health/ready") == 200);
            assertThat(send(before, "POST", "/v2/apps", app("/a" + leader)).statusCode())
                    .isEqualTo(201);
        }
        assertThat(apps(0)).isEqualTo(apps(1)).hasSize(5);
    }

    @Test
    void whatADeposedLeaderHasNotCommittedIsForgotten() throws Exception {
        assertThat(send(0, "POST", "/v2/apps", app("/kept")).statusCode()).isEqualTo(201);
        store.depose();
        // It may still believe that it leads: nothing of this reign can become durable.
        HttpResponse<String> late = send(0, "POST", "/v2/apps", app("/late"));
        await("the second leads", () -> status(1, "/health/leader") == 200);
        await("the first follows", () -> status(0, "/health/ready") == 200
                && status(0, "/health/leader") == 503);
        boolean accepted = late.statusCode() == 201;
        assertThat(apps(0)).isEqualTo(apps(1)).contains("/kept")
                .matches(ids -> ids.contains("/late") == accepted);
        assertThat(send(0, "POST", "/v2/apps", app("/next")).statusCode()).isEqualTo(201);
    }

    @Test
    void aStandbyTakesOverWhenTheLeaderEnds() throws Exception {
        assertThat(send(1, "POST", "/v2/apps", app("/a")).statusCode()).isEqualTo(201);
        masters.removeFirst().close();
        await("the other leads", () -> status(0, "/health/leader") == 200);
        assertThat(apps(0)).containsExactly("/a");
        assertThat(send(0, "POST", "/v2/apps", app("/b")).statusCode()).isEqualTo(201);
    }

    @Test
    void anOutageOfTheStoreFreezesChangesAndKeepsReads() throws Exception {
        assertThat(send(0, "POST", "/v2/apps", app("/a")).statusCode()).isEqualTo(201);
        await("the standby shows it", () -> apps(1).contains("/a"));
        store.reachable(false);
        assertThat(send(0, "POST", "/v2/apps", app("/b")).statusCode()).isEqualTo(503);
        HttpResponse<String> refused = send(1, "POST", "/v2/apps", app("/b"));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(apps(0)).containsExactly("/a");
        assertThat(apps(1)).containsExactly("/a");
        store.reachable(true);
        await("somebody leads", () -> status(0, "/health/leader") == 200
                || status(1, "/health/leader") == 200);
        await("changes are taken", () -> send(1, "PUT", "/v2/apps/b", app("/b"))
                .statusCode() < 300);
        await("both show it", () -> apps(0).contains("/b") && apps(1).contains("/b"));
    }

    private int status(int master, String path) {
        return send(master, "GET", path, "").statusCode();
    }

    private List<String> apps(int master) {
        try {
            JsonNode body = JSON.readTree(send(master, "GET", "/v2/apps", "").body());
            List<String> ids = new ArrayList<>();
            body.get("apps").forEach(app -> ids.add(app.get("id").asText()));
            return ids;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> send(int master, String method, String path, String body) {
        URI uri = URI.create("http://127.0.0.1:" + masters.get(master).clientPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String app(String id) {
        return "{\"id\":\"" + id + "\",\"cmd\":\"sleep 100\",\"instances\":1}";
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
