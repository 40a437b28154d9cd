package io.springtide.agent.runtime.docker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Has the output of started containers copied, in a burst when no others wait to be started: the daemon keeps
 * the output, and to open a stream takes some of the time of a start. What has waited for ten seconds waits no
 * longer.
 */
final class OutputQueue {

    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private record Waiting(Held held, long sinceNanos) {}

    private final BooleanSupplier startsWait;
    private final LongSupplier nanoTime;
    private final Consumer<Runnable> soon;
    private final Consumer<Held> copy;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private boolean looks;

    /**
     * Of one runtime.
     *
     * @param startsWait whether containers wait for others to be started
     * @param nanoTime as {@link System#nanoTime()}
     * @param soon does something on another thread after a moment
     * @param copy opens the stream of a container
     */
    OutputQueue(BooleanSupplier startsWait, LongSupplier nanoTime, Consumer<Runnable> soon,
            Consumer<Held> copy) {
        this.startsWait = startsWait;
        this.nanoTime = nanoTime;
        this.soon = soon;
        this.copy = copy;
    }

    /** Of a container that was just started; bounded by how many an agent can hold. */
    synchronized void follow(Held held) {
        waiting.add(new Waiting(held, nanoTime.getAsLong()));
        if (!looks) {
            openDue();
        }
    }

    private synchronized void look() {
        looks = false;
        openDue();
    }

    private void openDue() {
        while (!waiting.isEmpty() && (!startsWait.getAsBoolean() || hasWaited(waiting.peek()))) {
            Held held = waiting.remove().held();
            // Of what has ended meanwhile, the rest is copied already.
            if (!held.ended()) {
                copy.accept(held);
            }
        }
        if (!waiting.isEmpty()) {
            looks = true;
            soon.accept(this::look);
        }
    }

    private boolean hasWaited(Waiting one) {
        return nanoTime.getAsLong() - one.sinceNanos() >= WAIT_MAX.toNanos();
    }
}
