package io.springtide.bench.flash;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Sends requests when they are due, not when the last ones are answered, and takes the time from when
 * each was due: so a server that stalls is seen to stall for all who would have come meanwhile. One
 * event loop; what it cannot send in time counts as late, and is not left out.
 */
final class OpenLoad {

    /** Those of the seconds that an answer may take: with fewer, a slow server would be asked less. */
    private static final int CONNECTIONS_MAX = 12_000;
    private static final int WAITING_MAX = 20_000;
    private static final long TIMEOUT_MS = 10_000;

    private final Vertx vertx;
    private final SocketAddress server;
    private final String host;
    private final String path;
    private final Arrivals arrivals;
    private final List<Second> seconds = new ArrayList<>();
    private final Consumer<List<Second>> everySecond;
    private final Promise<List<Second>> done = Promise.promise();
    private final HttpClient client;
    private long beganNanos;
    private int open;
    private boolean allSent;
    private int told;

    /**
     * A load that has not begun.
     *
     * @param server where it goes
     * @param host the virtual host that is asked for
     * @param everySecond hears the seconds so far, on the loop's thread; the newest are not complete yet
     */
    OpenLoad(Vertx vertx, SocketAddress server, String host, String path,
            List<Arrivals.Phase> phases, Consumer<List<Second>> everySecond) {
        this.vertx = vertx;
        this.server = server;
        this.host = host;
        this.path = path;
        this.arrivals = new Arrivals(phases);
        this.everySecond = everySecond;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(2_000).setTcpNoDelay(true)
                        .setKeepAliveTimeout(60),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX)
                        .setMaxWaitQueueSize(WAITING_MAX).setEventLoopSize(1));
    }

    /** Begins now; the seconds come when the last request has its answer or has timed out. */
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
            send(due);
            arrivals.sent();
            due = arrivals.nextNanos();
        }
        if (told < TimeUnit.NANOSECONDS.toSeconds(now)) {
            told = (int) TimeUnit.NANOSECONDS.toSeconds(now);
            everySecond.accept(seconds);
        }
        allSent = due < 0;
        if (allSent && open == 0) {
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

    private void send(long dueNanos) {
        Second second = second(dueNanos);
        second.sent();
        open++;
        client.request(new RequestOptions().setServer(server).setHost(host).setPort(80)
                .setURI(path).setMethod(HttpMethod.POST).setTimeout(TIMEOUT_MS))
                .compose(HttpClientRequest::send)
                .compose(OpenLoad::whole)
                .onComplete(answer -> {
                    open--;
                    if (answer.failed()) {
                        second.failed(why(answer.cause()));
                    } else if (answer.result() / 100 == 2) {
                        second.answered(System.nanoTime() - beganNanos - dueNanos);
                    } else {
                        second.failed(Integer.toString(answer.result()));
                    }
                });
    }

    private static Future<Integer> whole(HttpClientResponse response) {
        return response.body().map(response.statusCode());
    }

    private static String why(Throwable cause) {
        return cause instanceof TimeoutException ? "timeout" : "connection";
    }
}
