package io.springtide.bench.flash;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends requests when they are due, not when the last ones are answered, and takes the time from when
 * each was due: so a server that stalls is seen to stall for all who would have come meanwhile. One
 * event loop; what it cannot send in time counts as late, and is not left out.
 *
 * <p>It keeps its connections itself: the client's own pool looks through all of them for each request.
 */
final class OpenLoad {

    private static final int CONNECTIONS_MAX = 12_000;

    private final Vertx vertx;
    private final HttpConnectOptions server;
    private final String host;
    private final String path;
    private final Arrivals arrivals;
    private final List<Second> seconds = new ArrayList<>();
    private final Consumer<List<Second>> everySecond;
    private final Promise<List<Second>> done = Promise.promise();
    private final HttpClientAgent client;
    private final long patienceNanos;
    /** The last one that came back goes first, so that no more are in use than have to be. */
    private final Deque<HttpClientConnection> idle = new ArrayDeque<>();
    /** In the order in which they were due, which is that in which their patience ends. */
    private final Deque<Attempt> attempts = new ArrayDeque<>();
    private long beganNanos;
    private int connections;
    private int told;

    /**
     * A load that has not begun.
     *
     * @param server where it goes
     * @param host the virtual host that is asked for
     * @param patience how long after it was due a request is given up, however far it came
     * @param everySecond hears the seconds so far, on the loop's thread; the newest are not complete yet
     */
    OpenLoad(Vertx vertx, SocketAddress server, String host, String path,
            List<Arrivals.Phase> phases, Duration patience,
            Consumer<List<Second>> everySecond) {
        this.vertx = vertx;
        this.server = new HttpConnectOptions().setServer(server).setHost(host).setPort(80)
                .setSsl(false).setConnectTimeout(2_000);
        this.host = host;
        this.path = path;
        this.arrivals = new Arrivals(phases);
        this.everySecond = everySecond;
        this.patienceNanos = patience.toNanos();
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setTcpNoDelay(true).setKeepAliveTimeout(60));
    }

    /** Begins now; the seconds come when the last request has its answer or has waited long enough. */
    Future<List<Second>> run() {
        vertx.runOnContext(unused -> {
            beganNanos = System.nanoTime();
            vertx.setPeriodic(1, this::tick);
        });
        return done.future().onComplete(unused -> client.close());
    }

    private void tick(long timer) {
        long now = System.nanoTime() - beganNanos;
        long due = arrivals.nextNanos();
        while (due >= 0 && due <= now) {
            send(new Attempt(second(due), due));
            arrivals.sent();
            due = arrivals.nextNanos();
        }
        giveUp(now);
        if (told < TimeUnit.NANOSECONDS.toSeconds(now)) {
            told = (int) TimeUnit.NANOSECONDS.toSeconds(now);
            everySecond.accept(seconds);
        }
        if (due < 0 && attempts.isEmpty()) {
            vertx.cancelTimer(timer);
            done.tryComplete(seconds);
        }
    }

    private Second second(long dueNanos) {
        int index = (int) TimeUnit.NANOSECONDS.toSeconds(dueNanos);
        while (seconds.size() <= index) {
            seconds.add(new Second());
        }
        return seconds.get(index);
    }

    private void giveUp(long nowNanos) {
        while (!attempts.isEmpty() && (attempts.peekFirst().settled
                || nowNanos - attempts.peekFirst().dueNanos > patienceNanos)) {
            attempts.pollFirst().giveUp();
        }
    }

    private void send(Attempt attempt) {
        attempt.second.sent();
        attempts.addLast(attempt);
        HttpClientConnection kept = idle.pollLast();
        if (kept != null) {
            ask(kept, attempt);
        } else if (connections == CONNECTIONS_MAX) {
            attempt.failed("no connection left");
        } else {
            connections++;
            client.connect(server).onComplete(connected -> {
                if (connected.succeeded()) {
                    HttpClientConnection fresh = connected.result();
                    fresh.closeHandler(closed -> {
                        connections--;
                        idle.remove(fresh);
                    });
                    ask(fresh, attempt);
                } else {
                    connections--;
                    attempt.failed("connection");
                }
            });
        }
    }

    private void ask(HttpClientConnection connection, Attempt attempt) {
        if (attempt.settled) {
            idle.addLast(connection);
            return;
        }
        attempt.end = connection::close;
        connection.request(new RequestOptions().setHost(host).setPort(80).setURI(path)
                .setMethod(HttpMethod.POST)).compose(HttpClientRequest::send)
                .compose(OpenLoad::whole).onComplete(answer -> {
                    if (answer.failed()) {
                        attempt.failed("connection");
                        connection.close();
                        return;
                    }
                    if (answer.result() / 100 == 2) {
                        attempt.answered(System.nanoTime() - beganNanos);
                    } else {
                        attempt.failed(Integer.toString(answer.result()));
                    }
                    idle.addLast(connection);
                });
    }

    private static Future<Integer> whole(HttpClientResponse response) {
        return response.body().map(response.statusCode());
    }

    /** One request, which ends once: by its answer, by what went wrong, or because it took too long. */
    private static final class Attempt {

        private final Second second;
        private final long dueNanos;
        private Runnable end = () -> {};
        private boolean settled;

        Attempt(Second second, long dueNanos) {
            this.second = second;
            this.dueNanos = dueNanos;
        }

        void answered(long nowNanos) {
            if (!settled) {
                settled = true;
                second.answered(nowNanos - dueNanos);
            }
        }

        void failed(String why) {
            if (!settled) {
                settled = true;
                second.failed(why);
            }
        }

        void giveUp() {
            if (!settled) {
                failed("timeout");
                end.run();
            }
        }
    }
}
