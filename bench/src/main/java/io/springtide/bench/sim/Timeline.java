package io.springtide.bench.sim;

/**
 * The simulated time: what is planned, in order. Two things planned for the same moment happen in the
 * order in which they were planned, so that a seed gives one history.
 */
final class Timeline {

    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;

    /** Messages and what follows from them come within this time; timers later. */
    private static final long SOON_NANOS = 20 * MS;

    /** What was planned shortly before it is due: most things, and few at a time. */
    private final Agenda soon = new Agenda();
    /** What was planned long before: many, and each of them seldom. */
    private final Agenda late = new Agenda();
    private long nowNanos;
    private long planned;
    private long done;
    private long trace = 0x9E3779B97F4A7C15L;
    private boolean stopped;

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
        long moment = Math.max(atNanos, nowNanos);
        (moment - nowNanos < SOON_NANOS ? soon : late).add(moment, planned++, actor, work);
    }

    /** The agenda on which the next thing stands. */
    private Agenda next() {
        long sooner = soon.momentNext();
        long later = late.momentNext();
        boolean first = sooner < later || (sooner == later && sooner != Agenda.NEVER
                && soon.numberNext() < late.numberNext());
        return first ? soon : late;
    }

    /** Lets things happen up to a moment, which lies before {@link Agenda#NEVER}. */
    void runUntil(long endNanos) {
        while (!stopped) {
            Agenda next = next();
            if (next.momentNext() > endNanos) {
                break;
            }
            nowNanos = next.momentNext();
            Actor actor = next.actorNext();
            boolean lives = next.livesNext();
            Runnable work = next.remove();
            if (!lives) {
                continue;
            }
            if (actor.paused) {
                actor.stash.add(work);
                continue;
            }
            done++;
            note(nowNanos * 64 + actor.index);
            work.run();
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
