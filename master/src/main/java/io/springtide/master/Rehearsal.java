package io.springtide.master;

import io.springtide.master.config.HostPort;
import io.springtide.master.config.MasterConfig;
import io.springtide.master.journal.JournalException;
import io.springtide.master.store.StoreUri;
import io.springtide.master.store.Stores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a cluster of nobody for a moment. A standby does not run the code of a leader until the moment
 * when everybody waits for it, and a Java process is slowest the first time.
 */
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
    private static final String APP = "/v2/apps/rehearsal";

    /** Enough for the first compiler; more would delay the start. */
    private static final int CHANGES = 40;

    private static final int CREATED = 201;
    private static final long ANSWER_S = 20;

    private Rehearsal() {}

    /**
     * Takes some seconds of a processor. Never in the way: a failure makes the first takeover slower, and
     * is said in the log.
     *
     * @param ownState what is to be rehearsed with the state of the real cluster
     * @return whether it went well
     */
    static boolean run(MasterConfig config, Runnable ownState) {
        long begunNanos = System.nanoTime();
        try {
            Path folder = Files.createTempDirectory("springtide-rehearsal");
            LOG.info("rehearsal-begins store=file:{}/store", folder);
            try {
                play(config.rehearsed(ANY_PORT, "file:" + folder.resolve("store")));
            } finally {
                delete(folder);
            }
            ownState.run();
            LOG.info("rehearsal-ended ms={}",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | ExecutionException | TimeoutException | JournalException
                | Master.CannotStart e) {
            LOG.warn("rehearsal-failed why=\"{}\"; the first takeover will be slower",
                    e.toString());
        }
        return false;
    }

    /** The first change is checked, so that a rehearsal of refusals is noticed. */
    private static void play(MasterConfig config)
            throws InterruptedException, ExecutionException, TimeoutException {
        Vertx vertx = Vertx.vertx(Master.VERTX);
        HttpClient client = vertx.createHttpClient();
        try (Master master = Master.start(config, Stores.open(StoreUri.parse(config.store())),
                failure -> LOG.warn("rehearsal-broken why=\"{}\"", failure.getMessage()))) {
            int port = master.clientPort();
            int status = ask(client, port, HttpMethod.PUT, APP,
                    "{\"cmd\":\"true\",\"instances\":1}");
            if (status != CREATED) {
                throw new ExecutionException("a new app was answered with " + status, null);
            }
            for (int change = 0; change < CHANGES; change++) {
                ask(client, port, HttpMethod.PUT, APP + "?force=true",
                        "{\"instances\":" + (change % 3 + 1) + "}");
                ask(client, port, HttpMethod.GET, APP, "");
            }
            ask(client, port, HttpMethod.GET, "/v2/apps?embed=apps.tasks", "");
            ask(client, port, HttpMethod.DELETE, APP, "");
        } finally {
            vertx.close();
        }
    }

    private static int ask(HttpClient client, int port, HttpMethod method, String path,
            String body) throws InterruptedException, ExecutionException, TimeoutException {
        Future<Integer> answered = client.request(method, port, ANY_PORT.host(), path)
                .compose(request -> request.putHeader("Content-Type", "application/json")
                        .send(body))
                .compose(response -> response.body().map(unused -> response.statusCode()));
        return answered.toCompletionStage().toCompletableFuture().get(ANSWER_S, TimeUnit.SECONDS);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
