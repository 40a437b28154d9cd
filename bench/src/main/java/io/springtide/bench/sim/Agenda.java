package io.springtide.bench.sim;

import java.util.Arrays;

/**
 * Planned work, the next first: by moment, and then by the number of the plan. A heap of four branches over
 * plain numbers; what is to be done lies still beside it while they are sorted.
 */
final class Agenda {

    /** The moment of the next one of an agenda on which nothing stands. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int BRANCHES = 4;
    private static final int START = 1 << 6;

    /** The heap: moments, and where the rest of each plan lies. */
    private long[] moments = new long[START];
    private int[] slots = new int[START];
    private int size;

    // What is planned, by slot.
    private long[] numbers = new long[START];
    private Actor[] actors = new Actor[START];
    private int[] lives = new int[START];
    private Runnable[] works = new Runnable[START];
    /** Slots in use, all below this and not on the list of free ones. */
    private int slotsBegun;
    private int[] free = new int[START];
    private int freed;

    /** When the next one is due. */
    long momentNext() {
        return size == 0 ? NEVER : moments[0];
    }

    /** Its number; there must be one. */
    long numberNext() {
        return numbers[slots[0]];
    }

    /** Whose it is; there must be one. */
    Actor actorNext() {
        return actors[slots[0]];
    }

    /** Whether the life of its actor in which it was planned goes on; there must be one. */
    boolean livesNext() {
        Actor actor = actors[slots[0]];
        return actor.life == lives[slots[0]] && !actor.down;
    }

    /**
     * Plans work of an actor's present life.
     *
     * @param number above all that were given before
     */
    void add(long atNanos, long number, Actor actor, Runnable work) {
        if (size == moments.length) {
            grow();
        }
        int slot = freed > 0 ? free[--freed] : slotsBegun++;
        numbers[slot] = number;
        actors[slot] = actor;
        lives[slot] = actor.life;
        works[slot] = work;
        int at = size++;
        // Its number is the highest, so that of two of one moment the other one stays ahead.
        while (at > 0) {
            int parent = (at - 1) / BRANCHES;
            if (moments[parent] <= atNanos) {
                break;
            }
            moments[at] = moments[parent];
            slots[at] = slots[parent];
            at = parent;
        }
        moments[at] = atNanos;
        slots[at] = slot;
    }

    private void grow() {
        int more = size * 2;
        moments = Arrays.copyOf(moments, more);
        slots = Arrays.copyOf(slots, more);
        numbers = Arrays.copyOf(numbers, more);
        actors = Arrays.copyOf(actors, more);
        lives = Arrays.copyOf(lives, more);
        works = Arrays.copyOf(works, more);
        free = Arrays.copyOf(free, more);
    }

    /** Takes the next one off; there must be one. */
    Runnable remove() {
        int slot = slots[0];
        Runnable work = works[slot];
        free[freed++] = slot;
        size--;
        long moment = moments[size];
        int last = slots[size];
        int at = 0;
        for (int child = 1; child < size; child = at * BRANCHES + 1) {
            int least = child;
            int end = Math.min(child + BRANCHES, size);
            for (int other = child + 1; other < end; other++) {
                if (before(moments[other], slots[other], least)) {
                    least = other;
                }
            }
            if (before(moment, last, least)) {
                break;
            }
            moments[at] = moments[least];
            slots[at] = slots[least];
            at = least;
        }
        moments[at] = moment;
        slots[at] = last;
        return work;
    }

    private boolean before(long moment, int slot, int other) {
        return moment < moments[other]
                || (moment == moments[other] && numbers[slot] < numbers[slots[other]]);
    }
}
