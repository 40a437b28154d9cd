package io.springtide.bench.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.bench.history.Operation.Kind;
import io.springtide.bench.history.Operation.Outcome;
import io.springtide.bench.live.LocalCluster;
import io.springtide.bench.live.LocalCluster.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: whatever many clients ask of the same apps at once while the master is killed, each app's history
 * is one that a single careful person could have made, and the end is what the last accepted change said.
 * Method: real processes; threads draw requests from a seed; what was asked and answered is checked per app.
 */
class HistoryIT {

    private static final long SEED = Long.getLong("history.seed", System.nanoTime());
    private static final int THREADS = 6;
    private static final int APPS = 4;
    private static final int KILLS = 5;
    private static final Duration SETTLED = Duration.ofSeconds(60);

    private final List<List<Operation>> histories = new ArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();

    @TempDir
    Path folder;

    @Test
    void everyAppsHistoryIsLinearizable() throws Exception {
        System.out.println("history.seed=" + SEED);
        for (int app = 0; app < APPS; app++) {
            histories.add(new ArrayList<>());
        }
        SplittableRandom random = new SplittableRandom(SEED);
        AtomicBoolean over = new AtomicBoolean();
        try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 1)) {
            try (ExecutorService clients = Executors.newFixedThreadPool(THREADS)) {
                List<Future<?>> running = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    SplittableRandom own = random.split();
                    running.add(clients.submit(() -> {
                        while (!over.get()) {
                            ask(cluster, own);
                            TimeUnit.MILLISECONDS.sleep(own.nextInt(5, 60));
                        }
                        return null;
                    }));
                }
                for (int kill = 0; kill < KILLS; kill++) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(500, 2_000));
                    cluster.killMaster();
                    cluster.restartMaster();
                    cluster.awaitReady(1);
                }
                TimeUnit.SECONDS.sleep(1);
                over.set(true);
                for (Future<?> client : running) {
                    client.get();
                }
            }
            for (int app = 0; app < APPS; app++) {
                end(cluster, app);
            }
        }
    }

    /** The last read belongs to the history; what it says is what comes to run. */
    private void end(LocalCluster cluster, int app) throws IOException {
        Operation last = read(cluster, app).orElseThrow();
        histories.get(app).add(last);
        List<Operation> history = histories.get(app);
        System.out.println("/history/app-" + app + ": " + history.size() + " operations, "
                + history.stream().filter(one -> !one.answered()).count() + " unanswered, "
                + history.stream().filter(one -> one.outcome() == Outcome.DONE
                        && one.kind() != Kind.READ).count()
                + " changes");
        assertThat(history).filteredOn(one -> one.outcome() == Outcome.DONE).isNotEmpty();
        assertThat(Linearizability.holds(history))
                .as("app-%d, history.seed=%d: %s", app, SEED, history).isTrue();
        LocalCluster.await("app-" + app + " to be as was said last", SETTLED, () -> {
            try {
                Reply reply = cluster.get("/v2/apps/history/app-" + app);
                return last.outcome() == Outcome.MISSING
                        ? reply.status() == 404
                        : reply.body().path("app").path("tasksRunning").asInt() == last.instances()
                                && reply.body().path("app").path("deployments").isEmpty();
            } catch (IOException down) {
                return false;
            }
        });
    }

    private void ask(LocalCluster cluster, SplittableRandom random) {
        int app = random.nextInt(APPS);
        int instances = random.nextInt(4);
        int token = tokens.incrementAndGet();
        boolean force = random.nextInt(4) > 0;
        Optional<Operation> done = switch (random.nextInt(10)) {
            case 0 -> change(cluster, Kind.CREATE, "POST", "/v2/apps",
                    definition(app, token, instances), token, instances);
            case 1 -> change(cluster, Kind.DELETE, "DELETE",
                    "/v2/apps/history/app-" + app, "", 0, 0);
            case 2, 3, 4 -> change(cluster, Kind.PUT, "PUT",
                    "/v2/apps/history/app-" + app + "?partialUpdate=false&force=" + force,
                    definition(app, token, instances), token, instances);
            case 5, 6 -> change(cluster, Kind.SCALE, "PATCH",
                    "/v2/apps/history/app-" + app + "?force=" + force,
                    "{\"instances\":" + instances + "}", 0, instances);
            default -> read(cluster, app);
        };
        done.ifPresent(one -> {
            synchronized (histories.get(app)) {
                histories.get(app).add(one);
            }
        });
    }

    private static String definition(int app, int token, int instances) {
        return """
                {"id":"/history/app-%d","cmd":"exec sleep 3600","cpus":0.01,"mem":4,"instances":%d,
                 "labels":{"token":"%d"},"portDefinitions":[],"taskKillGracePeriodSeconds":1}"""
                .formatted(app, instances, token);
    }

    /** Empty if nothing was asked, since nobody listened. */
    private static Optional<Operation> change(LocalCluster cluster, Kind kind,
            String method,
            String path, String body, int token, int instances) {
        long invokedNs = System.nanoTime();
        try {
            Reply reply = cluster.send(method, path, body);
            long returnedNs = System.nanoTime();
            Outcome outcome = outcome(reply);
            return Optional.of(new Operation(kind, token, instances, invokedNs,
                    outcome == Outcome.UNKNOWN ? Operation.NEVER : returnedNs, outcome));
        } catch (ConnectException nobodyListens) {
            return Optional.empty();
        } catch (IOException cut) {
            return Optional.of(new Operation(kind, token, instances, invokedNs, Operation.NEVER,
                    Outcome.UNKNOWN));
        }
    }

    private static Outcome outcome(Reply reply) {
        return switch (reply.status()) {
            case 200, 201 -> Outcome.DONE;
            case 404 -> Outcome.MISSING;
            case 409 -> reply.body().has("deployments") ? Outcome.LOCKED : Outcome.EXISTS;
            case 503 -> Outcome.UNKNOWN;
            default -> throw new AssertionError("an answer that nobody expects: " + reply);
        };
    }

    /** Empty if there was no answer: then it tells nothing. */
    private static Optional<Operation> read(LocalCluster cluster, int app) {
        long invokedNs = System.nanoTime();
        try {
            Reply reply = cluster.get("/v2/apps/history/app-" + app);
            long returnedNs = System.nanoTime();
            JsonNode shown = reply.body().path("app");
            Outcome outcome = outcome(reply);
            return outcome == Outcome.UNKNOWN
                    ? Optional.empty()
                    : Optional.of(new Operation(Kind.READ,
                            shown.path("labels").path("token").asInt(),
                            shown.path("instances").asInt(), invokedNs, returnedNs, outcome));
        } catch (IOException down) {
            return Optional.empty();
        }
    }
}
