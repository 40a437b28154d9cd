package io.springtide.cloud.spi.support;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One thread that works on the newest thing it was given, again and again. What was given in between is
 * skipped, so it never falls behind and nothing queues. Any thread may give.
 */
public final class Worker<T> implements AutoCloseable {

    private static final Duration AFTER_BUG = Duration.ofSeconds(1);

    /** What is done with the newest; says when to come back. */
    public interface Task<T> {

        /** One turn. */
        Next run(T newest) throws InterruptedException;
    }

    /**
     * When the next turn is.
     *
     * @param pause until then, if nothing newer is given
     * @param firm even if something newer is given: the other side needs the rest
     */
    public record Next(Duration pause, boolean firm) {

        /** At once if something newer is given, else after the pause. */
        public static Next within(Duration pause) {
            return new Next(pause, false);
        }

        /** After the pause, whatever is given. */
        public static Next after(Duration pause) {
            return new Next(pause, true);
        }
    }

    private final Task<T> task;
    private final Consumer<RuntimeException> bugs;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<T> newest = Optional.empty();
    private long given;
    private boolean closed;

    /**
     * Starts the thread, which waits for the first thing.
     *
     * @param bugs is told what a turn threw; the work goes on after a second
     */
    public Worker(String name, Task<T> task, Consumer<RuntimeException> bugs) {
        this.task = task;
        this.bugs = bugs;
        this.thread = new Thread(this::loop, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** This is what is to be worked on from now on. Never waits. */
    public void give(T thing) {
        lock.lock();
        try {
            newest = Optional.of(thing);
            given++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts the turn, if there is one, and ends the thread; does not wait for it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    private void loop() {
        try {
            long seen = 0;
            Next next = Next.within(Duration.ofDays(1));
            while (true) {
                T thing;
                lock.lockInterruptibly();
                try {
                    rest(next, seen);
                    if (closed) {
                        return;
                    }
                    if (newest.isEmpty()) {
                        continue;
                    }
                    thing = newest.get();
                    seen = given;
                } finally {
                    lock.unlock();
                }
                next = turn(thing);
            }
        } catch (InterruptedException e) {
            // Only close() interrupts: there is nobody left to tell.
            Thread.currentThread().interrupt();
        }
    }

    private Next turn(T thing) throws InterruptedException {
        try {
            return task.run(thing);
        } catch (RuntimeException e) {
            bugs.accept(e);
            return Next.after(AFTER_BUG);
        }
    }

    private void rest(Next next, long seen) throws InterruptedException {
        long leftNanos = next.pause().toNanos();
        while (leftNanos > 0 && !closed && (next.firm() || given == seen)) {
            leftNanos = changed.awaitNanos(leftNanos);
        }
    }
}
