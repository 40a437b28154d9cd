package io.springtide.bench.sim;

import java.util.PriorityQueue;

/**
 * The simulated time: what is planned, in order. Two things planned for the same moment happen in the
 * order in which they were planned, so that a seed gives one history.
 */
final class Timeline {

    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;

    private final PriorityQueue<Planned> queue = new PriorityQueue<>(1 << 12);
    private long nowNanos;
    private long planned;
    private long done;
    private long trace = 0x9E3779B97F4A7C15L;
    private boolean stopped;

    private record Planned(long atNanos, long number, Actor actor, int life, Runnable work)
            implements
                Comparable<Planned> {

        @Override
        public int compareTo(Planned other) {
            int order = Long.compare(atNanos, other.atNanos);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    long nowNanos() {
        return nowNanos;
    }

    long nowMs() {
        return nowNanos / MS;
    }

    /** How many things have happened. */
    long done() {
        return done;
    }

    /** Stands for everything that has happened and what was said of it. */
    long trace() {
        return trace;
    }

    /** Adds something to what two runs are compared by. */
    void note(long what) {
        trace = (trace ^ what) * 0xD6E8FEB86659FD93L;
        trace ^= trace >>> 32;
    }

    /** Plans work of an actor's present life. */
    void after(long delayNanos, Actor actor, Runnable work) {
        at(nowNanos + Math.max(0, delayNanos), actor, work);
    }

    void at(long atNanos, Actor actor, Runnable work) {
        queue.add(new Planned(Math.max(atNanos, nowNanos), planned++, actor, actor.life, work));
    }

    /** Lets things happen up to a moment. */
    void runUntil(long endNanos) {
        for (Planned next = queue.peek(); !stopped && next != null && next.atNanos <= endNanos; //
                next = queue.peek()) {
            queue.remove();
            nowNanos = next.atNanos;
            Actor actor = next.actor;
            if (actor.life != next.life || actor.down) {
                continue;
            }
            if (actor.paused) {
                actor.stash.add(next.work);
                continue;
            }
            done++;
            note(nowNanos * 64 + actor.index);
            next.work.run();
        }
        nowNanos = Math.max(nowNanos, endNanos);
    }

    /** Nothing more happens: an invariant is broken. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    /** What the actor missed while it was stopped comes at once, in order. */
    void resume(Actor actor) {
        actor.paused = false;
        while (!actor.stash.isEmpty()) {
            at(nowNanos, actor, actor.stash.removeFirst());
        }
    }
}
