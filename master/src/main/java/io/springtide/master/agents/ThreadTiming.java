package io.springtide.master.agents;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real time, and one thread that waits for it. */
final class ThreadTiming implements Timing {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadTiming.class);

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
        var unused = timer.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void every(Duration pause, Runnable task) {
        var unused = timer.scheduleWithFixedDelay(guarded(task), pause.toNanos(), pause.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException bug) {
                // Nobody asks how it went: it would be lost, and what is repeated would end.
                LOG.error("timer_task_failed", bug);
            } catch (Error broken) {
                LOG.error("timer_task_failed", broken);
                throw broken;
            }
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
