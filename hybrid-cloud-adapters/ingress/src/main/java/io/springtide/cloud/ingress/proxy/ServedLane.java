package io.springtide.cloud.ingress.proxy;

import java.util.LinkedHashSet;
import java.util.concurrent.atomic.AtomicLong;

/** One event loop's part of a service: who waits here, whose turn it is, what came. One thread. */
final class ServedLane {

    /** What waits for an endpoint or for the rate limit. */
    interface Waiter {

        /**
         * Its turn has come: goes on, if that is possible now.
         *
         * @return false if it must wait on
         */
        boolean tryGo(long now);

        /** It has waited for too long, or there is no service any more. */
        void late();

        /** When it has waited for too long. */
        long lateAt();
    }

    final Served served;
    final Choice.Turn turn = new Choice.Turn();

    /** In order of arrival; who leaves is found at once, however many wait. */
    private final LinkedHashSet<Waiter> waiting = new LinkedHashSet<>();

    /** Whether the rate limit was what the last one could not pass. */
    boolean byRate;

    /** Counted here, read from anywhere; never reset. */
    final AtomicLong arrivals = new AtomicLong();

    /** The same. */
    final AtomicLong refused = new AtomicLong();

    ServedLane(Served served) {
        this.served = served;
    }

    void arrived() {
        count(arrivals);
    }

    void turnedAway() {
        count(refused);
    }

    /** One more, of what is counted on one thread only: cheaper than if several did. */
    static void count(AtomicLong counter) {
        counter.lazySet(counter.getPlain() + 1);
    }

    boolean anybodyWaits() {
        return !waiting.isEmpty();
    }

    /** Lets it wait behind all others. Returns false if the room is full. */
    boolean enter(Waiter waiter) {
        if (!served.enterWaiting()) {
            return false;
        }
        waiting.add(waiter);
        return true;
    }

    /** Lets go who can, in order of arrival. Returns whether anybody still waits. */
    boolean pump(long now) {
        while (!waiting.isEmpty()) {
            Waiter first = waiting.getFirst();
            if (served.gone || now - first.lateAt() >= 0) {
                leave(first);
                first.late();
            } else if (first.tryGo(now)) {
                leave(first);
            } else {
                return true;
            }
        }
        return false;
    }

    /** It does not wait any more, if it did. */
    void leave(Waiter waiter) {
        if (!waiting.isEmpty() && waiting.remove(waiter)) {
            served.waiting.decrementAndGet();
        }
    }
}
