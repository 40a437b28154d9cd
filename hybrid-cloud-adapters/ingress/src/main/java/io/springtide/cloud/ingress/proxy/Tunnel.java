package io.springtide.cloud.ingress.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;

/**
 * Two connections as one: what comes in on either goes out on the other, no faster than it is taken. The
 * end of one is the end of the other. On its event loop only.
 */
final class Tunnel {

    private final NetSocket one;
    private final NetSocket other;
    private final Runnable closed;
    private boolean draining;
    private boolean over;

    private Tunnel(NetSocket one, NetSocket other, Runnable closed) {
        this.one = one;
        this.other = other;
        this.closed = closed;
    }

    /** Joins two sockets that are paused or have no handler yet; {@code closed} runs once. */
    static void join(NetSocket one, NetSocket other, Runnable closed) {
        Tunnel tunnel = new Tunnel(one, other, closed);
        tunnel.pipe(one, other);
        tunnel.pipe(other, one);
        one.resume();
        other.resume();
    }

    private void pipe(NetSocket from, NetSocket to) {
        from.handler(part -> move(from, to, part));
        from.exceptionHandler(failure -> from.close());
        // What is held back for a slow reader is still to be given: the end comes behind it.
        from.closeHandler(gone -> {
            draining = true;
            from.resume();
        });
        from.endHandler(all -> end());
    }

    private void move(NetSocket from, NetSocket to, Buffer part) {
        to.write(part).onFailure(gone -> end());
        // What is left of one that has closed is here already: to wait would save nothing.
        if (!draining && to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
        }
    }

    /** What was written before is sent before they close. */
    private void end() {
        if (!over) {
            over = true;
            one.end();
            other.end();
            closed.run();
        }
    }

    /** Makes a tunnel of a request whose upgrade an endpoint has accepted. */
    static void open(Exchange exchange, Attempt attempt, HttpClientResponse accepted) {
        HttpServerResponse response = exchange.response;
        response.setStatusCode(101);
        response.headers().setAll(accepted.headers());
        NetSocket endpoint = accepted.netSocket();
        endpoint.pause();
        HttpConnection connection = exchange.request.connection();
        exchange.request.toNetSocket().onComplete(client -> {
            attempt.tunnelled();
            exchange.tunnelled();
            join(client, endpoint, () -> {
                attempt.end(false, false);
                exchange.close();
                exchange.loop.left(connection);
            });
        }, failure -> {
            endpoint.close();
            exchange.cut();
        });
    }
}
