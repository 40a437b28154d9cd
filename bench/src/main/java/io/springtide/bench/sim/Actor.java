package io.springtide.bench.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A process: it lives, can be stopped for a while, and what it had planned dies with it. Owned by the
 * {@link Timeline}.
 */
final class Actor {

    final String name;
    final int index;
    /** Counts its lives; work of an earlier one is dropped. */
    int life;
    boolean down;
    boolean paused;
    final Deque<Runnable> stash = new ArrayDeque<>();

    Actor(String name, int index) {
        this.name = name;
        this.index = index;
    }

    boolean works() {
        return !down && !paused;
    }

    /** Ends this life: nothing that it has planned happens. */
    void die() {
        life++;
        down = true;
        paused = false;
        stash.clear();
    }

    /** Begins another life. */
    void rise() {
        life++;
        down = false;
        paused = false;
        stash.clear();
    }
}
