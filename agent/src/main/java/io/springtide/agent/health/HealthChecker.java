package io.springtide.agent.health;

import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Checks the health of the instances on this machine. One timer thread; the checks themselves run on
 * virtual threads, a bounded number at a time. All methods return at once.
 */
public final class HealthChecker implements AutoCloseable {

    /** Hears what the checks find, from any thread. */
    @FunctionalInterface
    public interface Listener {
        void report(long instanceId, HealthReport report);
    }

    private static final int PROBES_MAX = 64;
    /** A command is a process of its own; a few at a time keep the machine for the tasks. */
    private static final int COMMANDS_MAX = 4;
    private static final long INTERVAL_MS_MIN = 100;
    private static final long INTERVAL_MS_FALLBACK = 60_000;
    private static final long BUSY_MS = 50;

    private final Listener listener;
    private final Probe probe = new Probe();
    private final Semaphore probes = new Semaphore(PROBES_MAX);
    private final Semaphore commands = new Semaphore(COMMANDS_MAX);
    private final ScheduledThreadPoolExecutor timer;
    private final Map<Long, List<Running>> watched = new ConcurrentHashMap<>();

    public HealthChecker(Listener listener) {
        this.listener = listener;
        this.timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("health-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Begins to check an instance; a repeat starts its checks anew. */
    public void watch(HealthTarget target) {
        unwatch(target.instanceId());
        List<Running> running = new ArrayList<>();
        long nowMs = upMs();
        for (HealthCheck check : target.spec().getHealthChecksList()) {
            Running one = new Running(target, check, nowMs, running);
            running.add(one);
        }
        for (Running one : List.copyOf(running)) {
            // Spread over the interval: a burst of launches must not become a burst of checks forever.
            one.schedule(one.check.getDelayMs()
                    + ThreadLocalRandom.current().nextLong(Math.min(one.intervalMs(), 1000) + 1));
        }
        watched.put(target.instanceId(), running);
    }

    /** Ends the checks of an instance. */
    public void unwatch(long instanceId) {
        Optional.ofNullable(watched.remove(instanceId))
                .ifPresent(all -> all.forEach(Running::stop));
    }

    private static long upMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One check of one instance; a new round begins only after the one before is over. */
    private final class Running {
        private final HealthTarget target;
        private final HealthCheck check;
        private final HealthJudge judge;
        private final Semaphore permits;
        /** All checks of the instance; the lock of their reports. */
        private final List<Running> siblings;
        private Optional<HealthReport> last = Optional.empty();
        private volatile boolean stopped;
        private volatile Optional<ScheduledFuture<?>> next = Optional.empty();

        Running(HealthTarget target, HealthCheck check, long nowMs, List<Running> siblings) {
            this.siblings = siblings;
            this.target = target;
            this.check = check;
            this.judge = new HealthJudge(check, nowMs);
            this.permits = check.getProtocol() == HealthCheck.Protocol.COMMAND ? commands : probes;
        }

        long intervalMs() {
            long wantedMs = check.getIntervalMs() > 0
                    ? check.getIntervalMs()
                    : INTERVAL_MS_FALLBACK;
            return Math.max(INTERVAL_MS_MIN, wantedMs);
        }

        void schedule(long delayMs) {
            if (stopped) {
                return;
            }
            try {
                next = Optional.of(timer.schedule(this::begin, delayMs, TimeUnit.MILLISECONDS));
            } catch (RejectedExecutionException e) {
                stopped = true; // the checker is closed
            }
        }

        private void begin() {
            if (stopped) {
                return;
            }
            if (permits.tryAcquire()) {
                Thread.startVirtualThread(this::round);
            } else {
                schedule(BUSY_MS);
            }
        }

        private void round() {
            long begunMs = upMs();
            try {
                Outcome outcome = probe.run(target, check);
                if (!stopped) {
                    judge.judge(outcome, upMs()).ifPresent(this::tell);
                }
            } finally {
                permits.release();
                schedule(Math.max(1, intervalMs() - (upMs() - begunMs)));
            }
        }

        /** An instance is as healthy as the worst of its checks; silent ones count as not alive yet. */
        private void tell(HealthReport report) {
            HealthReport.Builder worst = report.toBuilder();
            synchronized (siblings) {
                last = Optional.of(report);
                for (Running other : siblings) {
                    worst.setAlive(worst.getAlive()
                            && other.last.map(HealthReport::getAlive).orElse(false));
                    HealthReport told = other.last.orElse(HealthReport.getDefaultInstance());
                    worst.setExhausted(worst.getExhausted() || told.getExhausted());
                    if (told.getConsecutiveFailures() > worst.getConsecutiveFailures()) {
                        worst.setConsecutiveFailures(told.getConsecutiveFailures())
                                .setLastFailure(told.getLastFailure());
                    }
                }
            }
            listener.report(target.instanceId(), worst.build());
        }

        void stop() {
            stopped = true;
            next.ifPresent(timed -> timed.cancel(false));
        }
    }
}
