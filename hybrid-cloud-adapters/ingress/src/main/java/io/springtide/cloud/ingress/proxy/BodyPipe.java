package io.springtide.cloud.ingress.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;

/** Carries a request's body to the endpoint, no faster than that takes it. On its event loop only. */
final class BodyPipe {

    private final HttpServerRequest from;
    private final HttpClientRequest to;
    private final Runnable sent;
    private boolean blocked;
    private boolean broken;
    private long movedAt = System.nanoTime();

    BodyPipe(HttpServerRequest from, HttpClientRequest to, Runnable sent) {
        this.from = from;
        this.to = to;
        this.sent = sent;
    }

    void start() {
        from.handler(this::move);
        from.endHandler(end -> {
            if (!broken) {
                sent.run();
                to.end();
            }
        });
        from.resume();
    }

    private void move(Buffer part) {
        movedAt = System.nanoTime();
        if (broken) {
            return;
        }
        to.write(part).onFailure(failure -> broken = true);
        if (to.writeQueueFull()) {
            blocked = true;
            from.pause();
            to.drainHandler(drained -> {
                blocked = false;
                movedAt = System.nanoTime();
                from.resume();
            });
        }
    }

    /** Whether the client has sent nothing, or the endpoint has taken nothing, for too long. */
    boolean isStalled(long now, IngressLimits limits) {
        long most = blocked ? limits.silenceMsMax() : limits.stallMsMax();
        return now - movedAt > most * 1_000_000L;
    }
}
