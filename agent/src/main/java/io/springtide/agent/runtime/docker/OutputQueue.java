package io.springtide.agent.runtime.docker;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the output of started containers copied, in a burst when no others wait to be started: the daemon keeps
 * the output, and to open a stream takes some of the time of a start. What has waited for ten seconds waits no
 * longer.
 */
final class OutputQueue {

    private static final Duration WAIT_MAX = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private record Waiting(Held held, long sinceNanos) {}

    private final Threads threads;
    private final LogCopier logs;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean looks = new AtomicBoolean();

    OutputQueue(Threads threads, LogCopier logs) {
        this.threads = threads;
        this.logs = logs;
    }

    /** Of a container that was just started; bounded by how many an agent can hold. */
    void follow(Held held) {
        if (threads.launchesWait()) {
            waiting.add(new Waiting(held, System.nanoTime()));
            lookSoon();
        } else {
            open(held);
        }
    }

    private void lookSoon() {
        if (looks.compareAndSet(false, true)) {
            threads.controlIn(LOOK_EVERY, "output", this::look);
        }
    }

    private void look() {
        looks.set(false);
        for (Waiting oldest = waiting.peek(); oldest != null
                && (!threads.launchesWait() || hasWaited(oldest)); oldest = waiting.peek()) {
            Waiting next = waiting.poll();
            if (next != null) {
                open(next.held());
            }
        }
        if (!waiting.isEmpty()) {
            lookSoon();
        }
    }

    private static boolean hasWaited(Waiting one) {
        return System.nanoTime() - one.sinceNanos() >= WAIT_MAX.toNanos();
    }

    /** Of what has ended meanwhile, the rest is copied already. */
    private void open(Held held) {
        if (!held.ended()) {
            logs.follow(held.id(), held.containerId(), held.task().sandbox());
        }
    }
}
