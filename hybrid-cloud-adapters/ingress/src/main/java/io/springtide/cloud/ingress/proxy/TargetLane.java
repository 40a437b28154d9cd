package io.springtide.cloud.ingress.proxy;

import io.vertx.core.http.HttpClientConnection;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One event loop's part of an endpoint: connections that idle, the breaker, what was measured. One thread. */
final class TargetLane {

    /** A connection to the endpoint and when it was last used. */
    static final class Line {
        final HttpClientConnection http;
        boolean closed;
        boolean used;
        long idleSince;

        Line(HttpClientConnection http) {
            this.http = http;
        }
    }

    final Target target;
    final Breaker breaker = new Breaker();

    /** The one used last is used first, so that those not needed grow old. */
    private final ArrayDeque<Line> idle = new ArrayDeque<>();

    /** Made when a request comes: most endpoints of a large table never see this loop. */
    private @Nullable Histogram latency;

    /** Connections that are open or being opened. */
    int lines;

    /** Counted here, read from anywhere; never reset. */
    final AtomicLong requests = new AtomicLong();

    /** The same. */
    final AtomicLong errors = new AtomicLong();

    TargetLane(Target target) {
        this.target = target;
    }

    /** Whether a request may be sent here now. */
    boolean admits(long now, int linesMax) {
        return (lines < linesMax || !idle.isEmpty()) && breaker.admits(now);
    }

    /** The same, but 5xx answers do not keep requests away: better those than none. */
    boolean admitsAtNeed(int linesMax) {
        return (lines < linesMax || !idle.isEmpty()) && breaker.answers();
    }

    @Nullable
    Line takeIdle() {
        return idle.pollLast();
    }

    void giveBack(Line line, long now) {
        line.used = true;
        line.idleSince = now;
        idle.addLast(line);
    }

    /** The connection is gone, whoever closed it. */
    void closed(Line line) {
        if (!line.closed) {
            line.closed = true;
            lines--;
            idle.remove(line);
        }
    }

    /** Closes connections that were not used for so long. */
    void closeIdle(long now, long idleNanos) {
        for (Line line = idle.peekFirst(); line != null
                && now - line.idleSince >= idleNanos; line = idle.peekFirst()) {
            idle.pollFirst();
            line.http.close();
        }
    }

    void measured(long nanos, boolean error) {
        Histogram all = latency;
        if (all == null) {
            all = new Histogram();
            latency = all;
        }
        all.add(nanos);
        ServedLane.count(requests);
        if (error) {
            ServedLane.count(errors);
        }
    }

    /** Gives away what was measured since the last time; null = nothing. */
    @Nullable
    Histogram takeLatency() {
        Histogram all = latency;
        latency = null;
        return all;
    }
}
