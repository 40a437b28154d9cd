package io.springtide.cloud.ingress.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
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
        from.exceptionHandler(failure -> end());
        // What was written before is sent before it closes.
        from.closeHandler(gone -> {
            to.end();
            end();
        });
    }

    private static void move(NetSocket from, NetSocket to, Buffer part) {
        to.write(part);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
        }
    }

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
        exchange.request.toNetSocket().onComplete(client -> {
            attempt.tunnelled();
            exchange.tunnelled();
            join(client, endpoint, () -> {
                attempt.end(false, false);
                exchange.close();
            });
        }, failure -> {
            endpoint.close();
            exchange.cut();
        });
    }
}
