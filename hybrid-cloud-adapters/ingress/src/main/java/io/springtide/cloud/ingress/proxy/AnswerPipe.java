package io.springtide.cloud.ingress.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Carries an answer to the client, no faster than the client takes it. On its event loop only. */
final class AnswerPipe {

    private final Exchange exchange;
    private final Attempt attempt;
    private final HttpClientResponse from;
    private final HttpServerResponse to;

    /** Bytes that are still to come; -1 = unknown. */
    private long left = -1;
    private boolean whole;
    private boolean blocked;
    private long movedAt;

    AnswerPipe(Exchange exchange, Attempt attempt, HttpClientResponse from) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.from = from;
        this.to = exchange.response;
        this.movedAt = attempt.startNanos;
    }

    /** @param cookie what the client is to remember; null = nothing */
    void start(@Nullable String cookie) {
        movedAt = System.nanoTime();
        int status = from.statusCode();
        to.setStatusCode(status);
        MultiMap headers = to.headers();
        headers.setAll(from.headers());
        HeaderNames.removeHopByHop(headers);
        if (cookie != null) {
            headers.add(HttpHeaders.SET_COOKIE, cookie);
        }
        if (exchange.loop.isDraining()) {
            headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        boolean bodiless = exchange.request.method().equals(HttpMethod.HEAD) || status == 204
                || status == 304;
        if (from.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            // It counts more than a length, which must not come to anybody beside it.
            headers.remove(HttpHeaders.CONTENT_LENGTH);
        }
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        if (!bodiless && length != null) {
            left = Long.parseLong(length);
        } else if (!bodiless) {
            frame();
        }
        from.handler(this::move);
        from.endHandler(end -> end());
        from.exceptionHandler(failure -> exchange.failed(attempt, false, false, failure));
    }

    /** Without a length it comes in chunks, or the end of the connection is its end. */
    private void frame() {
        if (exchange.request.version() == HttpVersion.HTTP_1_0) {
            to.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        } else {
            to.setChunked(true);
        }
    }

    private void move(Buffer part) {
        if (to.closed() || whole) {
            return;
        }
        if (left >= 0) {
            left -= part.length();
            if (left == 0) {
                // One write, and the client has all of it, for most answers.
                whole = true;
                to.end(part);
                return;
            }
        }
        to.write(part);
        if (to.writeQueueFull()) {
            blocked = true;
            movedAt = System.nanoTime();
            from.pause();
            to.drainHandler(drained -> {
                blocked = false;
                movedAt = System.nanoTime();
                from.resume();
            });
        } else {
            movedAt = System.nanoTime();
        }
    }

    private void end() {
        if (!whole && !to.closed()) {
            whole = true;
            to.end();
        }
        exchange.finished(attempt, keepsAlive(), from.statusCode() >= 500);
    }

    private boolean keepsAlive() {
        String connection = from.getHeader(HttpHeaders.CONNECTION);
        return from.version() == HttpVersion.HTTP_1_1
                && (connection == null || !connection.equalsIgnoreCase("close"))
                // Only its end can have told where the answer ended.
                && (from.getHeader(HttpHeaders.CONTENT_LENGTH) != null
                        || from.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                        || from.statusCode() == 204 || from.statusCode() == 304
                        || exchange.request.method().equals(HttpMethod.HEAD));
    }

    /** Whether the client takes nothing, or the endpoint gives nothing, for too long. */
    boolean isStalled(long now) {
        IngressLimits limits = exchange.loop.limits;
        long most = blocked ? limits.stallMsMax() : limits.silenceMsMax();
        return now - movedAt > most * 1_000_000L;
    }
}
