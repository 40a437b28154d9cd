package io.springtide.master.agents;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real time, and one thread that waits for it. */
final class ThreadTiming implements Timing {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().name("agents-timer").daemon(true).factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    ThreadTiming() {
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long random(long from, long to) {
        return ThreadLocalRandom.current().nextLong(from, to);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        var unused = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void every(Duration pause, Runnable task) {
        var unused = timer.scheduleWithFixedDelay(task, pause.toNanos(), pause.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
