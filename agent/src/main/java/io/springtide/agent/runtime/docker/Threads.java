package io.springtide.agent.runtime.docker;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All threads of the runtime: a fixed number, however many containers there are. */
final class Threads implements AutoCloseable {

    /** More do not help: two cores start ten to twelve containers a second, whoever asks. */
    private static final int LAUNCHES = 8;
    private static final int CONTROLS = 3;
    private static final int PULLS = 2;
    private static final int THAWS = 4;
    /** Far above what an agent can hold; a bound all the same. */
    private static final int LAUNCHES_WAITING_MAX = 20_000;
    private static final int CONTROLS_WAITING_MAX = 100_000;
    private static final int PULLS_WAITING_MAX = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    /** Only for what is quick: it rings the alarms of all the others. */
    final ScheduledExecutorService clock;
    /** Asks the daemon whether it is well; alone, so that it can tell when the others are stuck. */
    final ScheduledExecutorService probe;
    final ThreadPoolExecutor launches;
    final ExecutorService pulls;
    private final ExecutorService control;
    private final ExecutorService thaws;

    Threads() {
        clock = timer("docker-clock");
        probe = timer("docker-probe");
        launches = pool("docker-launch", LAUNCHES, LAUNCHES_WAITING_MAX);
        control = pool("docker-control", CONTROLS, CONTROLS_WAITING_MAX);
        thaws = pool("docker-thaw", THAWS, CONTROLS_WAITING_MAX);
        pulls = pool("docker-pull", PULLS, PULLS_WAITING_MAX);
    }

    /** Does something soon; false if there is too much to do, or the runtime is closed. */
    boolean control(String what, Runnable work) {
        return submit(control, what, work);
    }

    /** Whether containers wait for others to be started. */
    boolean launchesWait() {
        return !launches.getQueue().isEmpty();
    }

    /** Lets a container go on soon, whatever else there is to do. */
    void thaw(Runnable work) {
        submit(thaws, "unpause", work);
    }

    private static boolean submit(ExecutorService pool, String what, Runnable work) {
        try {
            pool.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.error("{} failed", what, e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("{} not taken up: {}", what, e.toString());
            return false;
        }
    }

    /** The same after a while. */
    void controlIn(Duration delay, String what, Runnable work) {
        in(delay, () -> control(what, work));
    }

    /** Does something quick after a while. */
    void in(Duration delay, Runnable quick) {
        try {
            var unused = clock.schedule(quick, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the runtime is closed already", e);
        }
    }

    /** Between half and all of a delay. */
    static Duration jittered(Duration delay) {
        long nanos = Math.max(2, delay.toNanos());
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos));
    }

    private static ScheduledThreadPoolExecutor timer(String name) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named(name));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    private static ThreadPoolExecutor pool(String name, int threads, int waitingMax) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waitingMax), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        launches.shutdownNow();
        pulls.shutdownNow();
        control.shutdownNow();
        thaws.shutdownNow();
        probe.shutdownNow();
        clock.shutdownNow();
    }
}
