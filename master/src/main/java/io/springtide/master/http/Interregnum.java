package io.springtide.master.http;

import io.springtide.master.MasterStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Between two reigns: requests for a leader wait for him, for a moment, instead of being refused. One for
 * each event loop, with one timer for all that wait.
 */
final class Interregnum {

    private static final long HELD_NS_MAX = MasterStatus.INTERREGNUM.toNanos();
    private static final long LOOK_MS = 5;
    private static final int HELD_MAX = 1_000;

    private record Held(HttpServerRequest request, long deadlineNs, Runnable again) {}

    private final Vertx vertx;
    private final MasterStatus status;
    private final Deque<Held> waiting = new ArrayDeque<>();
    private boolean looking;

    Interregnum(Vertx vertx, MasterStatus status) {
        this.vertx = vertx;
        this.status = status;
    }

    /**
     * Keeps a request that nobody has read from yet, if nobody leads.
     *
     * @param again once somebody does, or it has taken too long
     * @return false if it need not wait, or too many do
     */
    boolean hold(HttpServerRequest request, Runnable again) {
        if (somebodyLeads() || waiting.size() >= HELD_MAX) {
            return false;
        }
        request.pause();
        if (!looking) {
            looking = true;
            vertx.setPeriodic(LOOK_MS, this::look);
        }
        waiting.addLast(new Held(request, System.nanoTime() + HELD_NS_MAX, again));
        return true;
    }

    private void look(long timer) {
        boolean led = somebodyLeads();
        long nowNs = System.nanoTime();
        // Once around; what is let go may bring new ones, which come behind.
        for (int left = waiting.size(); left > 0; left--) {
            Held one = waiting.removeFirst();
            // Whoever has gone away must not find later that it happened.
            if (one.request().response().closed()) {
                continue;
            }
            if (led || nowNs - one.deadlineNs() > 0) {
                one.request().resume();
                one.again().run();
            } else {
                waiting.addLast(one);
            }
        }
        if (waiting.isEmpty()) {
            looking = false;
            vertx.cancelTimer(timer);
        }
    }

    private boolean somebodyLeads() {
        return status.leads() || status.elsewhere().isPresent();
    }
}
