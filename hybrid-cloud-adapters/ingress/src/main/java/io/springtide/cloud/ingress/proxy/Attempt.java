package io.springtide.cloud.ingress.proxy;

import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * One try to have a request answered by an endpoint: takes a connection, or opens one, and waits for the
 * head of the answer. Holds the endpoint's count of what is under way from its beginning to its end.
 */
final class Attempt {

    /** Method, URI and headers are set on the request itself, which costs less. */
    private static final RequestOptions PLAIN = new RequestOptions();

    /** Who made the attempt. Each attempt calls one of these once, unless it was ended before. */
    interface Owner {

        /** A connection is there: the request can be sent. */
        void connected(Attempt attempt, HttpClientRequest request);

        /** The head of the answer is there. */
        void answered(Attempt attempt, HttpClientResponse response);

        /**
         * It came to nothing.
         *
         * @param nothingSent no byte of the request has left
         * @param stale the connection had been used before: the endpoint may be well
         */
        void failed(Attempt attempt, boolean nothingSent, boolean stale, Throwable cause);
    }

    final Target target;
    final long startNanos;
    private final Loop loop;
    private final Owner owner;
    private final TargetLane lane;
    private final boolean trial;
    private TargetLane.@Nullable Line line;
    private TargetLane.@Nullable Line joined;
    private @Nullable HttpClientRequest request;
    private boolean sent;
    private boolean settled;
    private boolean over;

    private Attempt(Loop loop, Target target, Owner owner, long now) {
        this.loop = loop;
        this.target = target;
        this.owner = owner;
        this.lane = target.lanes[loop.index];
        this.startNanos = now;
        this.trial = lane.breaker.begin();
        target.inFlight.incrementAndGet();
    }

    /** Begins. The owner may be called before this returns. */
    static Attempt create(Loop loop, Target target, Owner owner, long now) {
        return new Attempt(loop, target, owner, now);
    }

    void start() {
        TargetLane.Line idle = lane.takeIdle();
        if (idle != null) {
            use(idle);
            return;
        }
        lane.lines++;
        loop.client.connect(target.connect).onComplete(this::opened, failure -> {
            lane.lines--;
            fail(true, false, failure);
        });
    }

    private void opened(HttpClientConnection http) {
        TargetLane.Line fresh = new TargetLane.Line(http);
        http.closeHandler(closed -> lane.closed(fresh));
        // Failures come to the requests; without a handler they would be logged.
        http.exceptionHandler(ignored -> {});
        if (over) {
            keep(fresh);
        } else {
            use(fresh);
        }
    }

    private void use(TargetLane.Line taken) {
        line = taken;
        taken.http.request(PLAIN).onComplete(made -> {
            if (over) {
                made.reset();
                return;
            }
            request = made;
            made.exceptionHandler(failure -> fail(!sent, taken.used, failure));
            made.response().onComplete(this::answered, failure -> fail(!sent, taken.used, failure));
            owner.connected(this, made);
        }, failure -> fail(true, taken.used, failure));
    }

    /** Bytes of the request leave from now on. */
    void sending() {
        sent = true;
    }

    private void answered(HttpClientResponse response) {
        if (over) {
            return;
        }
        settled = true;
        if (response.statusCode() >= 500) {
            lane.breaker.failed(System.nanoTime(), false);
        } else {
            lane.breaker.succeeded();
        }
        owner.answered(this, response);
    }

    private void fail(boolean nothingSent, boolean stale, Throwable cause) {
        if (over) {
            return;
        }
        if (!settled && !stale) {
            settled = true;
            lane.breaker.failed(System.nanoTime(), true);
        }
        end(false, true);
        owner.failed(this, nothingSent, stale, cause);
    }

    /** It took too long: counts against the endpoint. */
    void timedOut() {
        settled = true;
        lane.breaker.failed(System.nanoTime(), true);
        end(false, true);
    }

    /**
     * It is over. A second call does nothing.
     *
     * @param whole request and answer are complete, so that the connection may be used again
     * @param error counts as one in reports
     */
    void end(boolean whole, boolean error) {
        if (over) {
            return;
        }
        over = true;
        long now = System.nanoTime();
        lane.measured(now - startNanos, error);
        if (trial && !settled) {
            lane.breaker.abandoned();
        }
        if (joined != null) {
            lane.closed(joined);
        }
        TargetLane.Line used = line;
        HttpClientRequest made = request;
        if (used != null && whole) {
            keep(used);
        } else if (used != null) {
            if (made != null) {
                made.reset();
            }
            used.http.close();
        }
        if (target.inFlight.decrementAndGet() == 0 && target.gone) {
            lane.closeIdle(now, 0);
        }
        loop.freed();
    }

    private void keep(TargetLane.Line used) {
        if (target.gone || used.closed) {
            used.http.close();
        } else {
            lane.giveBack(used, System.nanoTime());
        }
    }

    /**
     * The connection has become a tunnel: it is not given back, and nothing is left to reset. Its own
     * close handler is never called any more.
     */
    void tunnelled() {
        joined = line;
        line = null;
        request = null;
    }
}
