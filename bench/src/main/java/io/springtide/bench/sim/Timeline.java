package io.springtide.bench.sim;

import java.util.Arrays;

/**
 * The simulated time: what is planned, in order. Two things planned for the same moment happen in the
 * order in which they were planned, so that a seed gives one history.
 */
final class Timeline {

    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;

    private static final int BRANCHES = 4;
    private static final int HEAP_START = 1 << 10;

    /** A heap of four branches, by moment and then by number: it is asked for the next one all the time. */
    private Planned[] heap = new Planned[HEAP_START];
    /** The moments of the heap, side by side, since they decide nearly always. */
    private long[] moments = new long[HEAP_START];
    private int size;
    private long nowNanos;
    private long planned;
    private long done;
    private long trace = 0x9E3779B97F4A7C15L;
    private boolean stopped;

    /** Work of one life of an actor. */
    private static final class Planned {
        final long atNanos;
        final long number;
        final Actor actor;
        final int life;
        final Runnable work;

        Planned(long atNanos, long number, Actor actor, Runnable work) {
            this.atNanos = atNanos;
            this.number = number;
            this.actor = actor;
            this.life = actor.life;
            this.work = work;
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
        push(new Planned(Math.max(atNanos, nowNanos), planned++, actor, work));
    }

    private void push(Planned next) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
            moments = Arrays.copyOf(moments, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) / BRANCHES;
            if (!before(next, parent)) {
                break;
            }
            put(at, heap[parent]);
            at = parent;
        }
        put(at, next);
    }

    private boolean before(Planned one, int other) {
        return one.atNanos < moments[other]
                || (one.atNanos == moments[other] && one.number < heap[other].number);
    }

    private void put(int at, Planned one) {
        heap[at] = one;
        moments[at] = one.atNanos;
    }

    /** Takes the first one away; there must be one. */
    private Planned pop() {
        Planned first = heap[0];
        size--;
        Planned last = heap[size];
        int at = 0;
        for (int child = 1; child < size; child = at * BRANCHES + 1) {
            int least = child;
            int end = Math.min(child + BRANCHES, size);
            for (int other = child + 1; other < end; other++) {
                if (moments[other] < moments[least] || (moments[other] == moments[least]
                        && heap[other].number < heap[least].number)) {
                    least = other;
                }
            }
            if (before(last, least)) {
                break;
            }
            put(at, heap[least]);
            at = least;
        }
        put(at, last);
        return first;
    }

    /** Lets things happen up to a moment. */
    void runUntil(long endNanos) {
        while (!stopped && size > 0 && moments[0] <= endNanos) {
            Planned next = pop();
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
        if (!stopped) {
            nowNanos = Math.max(nowNanos, endNanos);
        }
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
