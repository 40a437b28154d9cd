package io.springtide.master;

import io.springtide.master.config.HostPort;
import io.springtide.master.config.MasterConfig;
import io.springtide.master.journal.Folders;
import io.springtide.master.store.StoreUri;
import io.springtide.master.store.Stores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a cluster of nobody for a moment, and decides for the real one without doing it. A standby does
 * not run the code of a leader until the moment when everybody waits for it, and a Java process is slowest
 * the first time. Who leads needs no rehearsal. On a thread of its own.
 */
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
    private static final String APP = "/v2/apps/rehearsal";

    /** Enough for the first compiler; more would delay the start. */
    private static final int CHANGES = 40;

    private static final int CREATED = 201;
    private static final long ANSWER_S = 20;

    /** What was compiled with a small cluster in mind is slow with one that is so many times larger. */
    private static final int GROWTH = 4;
    private static final int INSTANCES_MIN = 1_000;

    /** For a million instances, if it began with none. */
    private static final int REPEATS_MAX = 6;

    private final MasterConfig config;
    private final Standby standby;
    private int instancesKnown;

    /** Who rehearses. */
    interface Standby {

        /** It has stopped being one. */
        boolean leads();

        /** How large the real cluster is. */
        int instances();

        /** Decides for the state of the real cluster, and throws it away; returns early if it leads. */
        void rehearse();
    }

    Rehearsal(MasterConfig config, Standby standby) {
        this.config = config;
        this.standby = standby;
    }

    /** Does all that is to be done until the standby leads. */
    void keepUp(Duration pause) {
        run();
        repeat(pause);
    }

    /**
     * Rehearses the decisions again whenever the cluster has grown a lot, for a few times. Returns when no
     * more is to be done, or when the standby leads.
     *
     * @param pause between two looks at how large the cluster is
     */
    void repeat(Duration pause) {
        try {
            int repeats = 0;
            while (repeats < REPEATS_MAX && !standby.leads()) {
                Thread.sleep(pause);
                long enough = Math.max(INSTANCES_MIN, (long) instancesKnown * GROWTH);
                if (standby.instances() >= enough && !standby.leads()) {
                    decide(System.nanoTime());
                    repeats++;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Leads a cluster of nobody, and decides for the real one. Takes some seconds of a processor. Never in
     * the way: a failure makes the first takeover slower, and is said in the log; neither of the two waits
     * for the other to succeed.
     */
    void run() {
        long begunNanos = System.nanoTime();
        try {
            Path folder = Files.createTempDirectory("springtide-rehearsal");
            LOG.info("rehearsal-begins store=file:{}/store", folder);
            try {
                play(config.rehearsed(ANY_PORT, "file:" + folder.resolve("store")));
            } finally {
                Folders.delete(folder);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("rehearsal-failed why=\"{}\"; the first takeover will be slower",
                    e.toString());
        }
        decide(begunNanos);
    }

    private void decide(long begunNanos) {
        try {
            // Also if it fails: it would again, with a cluster of this size.
            instancesKnown = standby.instances();
            standby.rehearse();
        } catch (RuntimeException bug) {
            LOG.error("rehearsal-failed instances={}; the first takeover will be slower",
                    instancesKnown, bug);
            return;
        }
        LOG.info("rehearsal-ended ms={} instances={} leads={}",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos), instancesKnown,
                standby.leads());
    }

    /** The first change is checked, so that a rehearsal of refusals is noticed. */
    private void play(MasterConfig played)
            throws InterruptedException, ExecutionException, TimeoutException {
        Vertx vertx = Vertx.vertx(Master.VERTX);
        HttpClient client = vertx.createHttpClient();
        try (Master master = Master.start(played, Stores.open(StoreUri.parse(played.store())),
                failure -> LOG.warn("rehearsal-broken why=\"{}\"", failure.getMessage()))) {
            int port = master.clientPort();
            int status = ask(client, port, HttpMethod.PUT, APP,
                    "{\"cmd\":\"true\",\"instances\":1}");
            if (status != CREATED) {
                throw new ExecutionException("a new app was answered with " + status, null);
            }
            for (int change = 0; change < CHANGES && !standby.leads(); change++) {
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
}
