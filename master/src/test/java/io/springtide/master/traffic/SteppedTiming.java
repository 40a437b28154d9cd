package io.springtide.master.traffic;

import io.springtide.master.agents.Timing;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when a test says so; what is due runs on the caller's thread. */
final class SteppedTiming implements Timing {

    private final PriorityQueue<Due> due = new PriorityQueue<>(
            Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::number));
    private long nowNanos = 1_000_000_000L;
    private long number;

    private record Due(long atNanos, long number, long everyNanos, Runnable task) {}

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public long random(long from, long to) {
        return from;
    }

    @Override
    public void after(Duration delay, Runnable task) {
        due.add(new Due(nowNanos + delay.toNanos(), ++number, 0, task));
    }

    @Override
    public void every(Duration pause, Runnable task) {
        due.add(new Due(nowNanos + pause.toNanos(), ++number, pause.toNanos(), task));
    }

    void pass(long ms) {
        long until = nowNanos + ms * 1_000_000;
        while (!due.isEmpty() && due.peek().atNanos() <= until) {
            Due next = due.poll();
            nowNanos = next.atNanos();
            if (next.everyNanos() > 0) {
                due.add(new Due(nowNanos + next.everyNanos(), ++number, next.everyNanos(),
                        next.task()));
            }
            next.task().run();
        }
        nowNanos = until;
    }

    @Override
    public void close() {
        due.clear();
    }
}
