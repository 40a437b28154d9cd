package io.springtide.bench.sim;

import io.springtide.master.agents.Timing;
import java.time.Duration;

/** The timer of one gateway, in simulated time. */
final class SimTiming implements Timing {

    private final Timeline timeline;
    private final Actor actor;
    private final Dice dice;
    private boolean closed;

    SimTiming(Timeline timeline, Actor actor, Dice dice) {
        this.timeline = timeline;
        this.actor = actor;
        this.dice = dice;
    }

    @Override
    public long nanoTime() {
        return timeline.nowNanos();
    }

    @Override
    public long random(long from, long to) {
        return dice.within(from, to);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        timeline.after(delay.toNanos(), actor, () -> {
            if (!closed) {
                task.run();
            }
        });
    }

    @Override
    public void every(Duration pause, Runnable task) {
        after(pause, () -> {
            task.run();
            every(pause, task);
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
