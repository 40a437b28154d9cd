package io.springtide.master.http;

import io.springtide.master.MasterStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/**
 * Between two reigns: requests for a leader wait for him, for a moment, instead of being refused. One for
 * each event loop.
 */
final class Interregnum {

    /** A hand-over takes some hundred milliseconds, on a machine with other things to do some seconds. */
    private static final long HELD_NS_MAX = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_MS = 5;
    private static final int HELD_MAX = 1_000;

    private final Vertx vertx;
    private final MasterStatus status;
    private int held;

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
        if (somebodyLeads() || held >= HELD_MAX) {
            return false;
        }
        held++;
        request.pause();
        long deadlineNs = System.nanoTime() + HELD_NS_MAX;
        vertx.setPeriodic(LOOK_MS, timer -> {
            boolean gone = request.response().closed();
            if (gone || somebodyLeads() || System.nanoTime() > deadlineNs) {
                vertx.cancelTimer(timer);
                held--;
                // Whoever has gone away must not find later that it happened.
                if (!gone) {
                    request.resume();
                    again.run();
                }
            }
        });
        return true;
    }

    private boolean somebodyLeads() {
        return status.leads() || status.elsewhere().isPresent();
    }
}
