package io.springtide.bench.elastic;

import io.springtide.bench.flash.Stage;
import io.springtide.bench.live.LocalCluster;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Some callers who ask for a shop through the ingress, one request after the other, and note which
 * instance answered first when. Who is refused asks again after a few milliseconds.
 */
final class Callers implements AutoCloseable {

    private static final int CALLERS = 4;
    private static final long PAUSE_MS = 5;
    private static final long TIMEOUT_MS = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(
            new PoolOptions().setHttp1MaxSize(CALLERS));
    private final RequestOptions request;
    private final Map<String, Long> firstSeenMs = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** They begin to call. */
    Callers(int port, String host) {
        this.request = new RequestOptions().setServer(SocketAddress.inetSocketAddress(port,
                "127.0.0.1")).setHost(host).setPort(80).setURI("/buy").setMethod(HttpMethod.POST)
                .setTimeout(TIMEOUT_MS);
        for (int i = 0; i < CALLERS; i++) {
            call();
        }
    }

    /** Waits until so many instances have answered. */
    void awaitNames(int count) {
        LocalCluster.await("answers of " + count + " instances", Stage.PATIENCE,
                () -> firstSeenMs.size() >= count);
    }

    /** When the n-th instance answered for the first time, in milliseconds of the wall clock; 1 = the first one. */
    long firstSeenMs(int n) {
        return firstSeenMs.values().stream().sorted().skip(n - 1L).findFirst().orElseThrow();
    }

    private void call() {
        if (closed.get()) {
            return;
        }
        client.request(new RequestOptions(request)).compose(HttpClientRequest::send)
                .compose(Callers::name).onComplete(name -> {
                    if (name.succeeded()) {
                        firstSeenMs.putIfAbsent(name.result(), System.currentTimeMillis());
                        call();
                    } else {
                        vertx.setTimer(PAUSE_MS, unused -> call());
                    }
                });
    }

    /** Who has answered; a refusal is a failure. */
    private static Future<String> name(HttpClientResponse response) {
        return response.body().map(Buffer::toJsonObject).map(order -> {
            if (response.statusCode() != 200) {
                throw new IllegalStateException("refused: " + response.statusCode());
            }
            return order.getString("by");
        });
    }

    @Override
    public void close() {
        closed.set(true);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
