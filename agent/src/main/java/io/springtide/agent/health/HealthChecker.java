package io.springtide.agent.health;

import io.springtide.agent.runtime.Inside;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Checks the health of the instances on this machine. One timer thread; the checks themselves run on
 * virtual threads, a bounded number at a time. All methods return at once.
 */
public final class HealthChecker implements AutoCloseable {

    /** Hears what the checks find, from any thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * News of an instance.
         *
         * @param whole the worst of all checks
         * @param containers the worst of each container of a pod that has checks and was asked
         */
        void report(long instanceId, HealthReport whole, Map<String, HealthReport> containers);
    }

    private static final int PROBES_MAX = 64;
    /** A command is a process of its own; a few at a time keep the machine for the tasks. */
    private static final int COMMANDS_MAX = 4;
    private static final long INTERVAL_MS_FALLBACK = 60_000;
    private static final long SPREAD_MS_MAX = 1000;

    private final Listener listener;
    private final Probe probe;
    private final Semaphore probes = new Semaphore(PROBES_MAX);
    private final Semaphore commands = new Semaphore(COMMANDS_MAX);
    private final ScheduledThreadPoolExecutor timer;
    private final Map<Long, List<Running>> watched = new ConcurrentHashMap<>();

    /**
     * A checker that checks nothing yet.
     *
     * @param inside for what only the runtimes can find out
     */
    public HealthChecker(Listener listener, Inside inside) {
        this.listener = listener;
        this.timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("health-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.probe = new Probe(inside, timer);
    }

    /**
     * Begins to check an instance, in all its targets; a repeat starts its checks anew.
     *
     * @param alive what was found before this agent was started: then there is no grace any more
     * @param thawed it was frozen a moment ago: checked at once, and soon again until it is alive
     */
    public void watch(long instanceId, List<HealthTarget> targets, boolean alive,
            boolean thawed) {
        unwatch(instanceId);
        List<Running> running = new ArrayList<>();
        long nowMs = Rounds.upMs();
        for (HealthTarget target : targets) {
            for (HealthCheck check : target.spec().getHealthChecksList()) {
                running.add(new Running(target, check, new HealthJudge(check, nowMs, alive),
                        running));
            }
        }
        for (Running one : List.copyOf(running)) {
            one.begin(thawed);
        }
        watched.put(instanceId, running);
    }

    /** Ends the checks of an instance. */
    public void unwatch(long instanceId) {
        Optional.ofNullable(watched.remove(instanceId))
                .ifPresent(all -> all.forEach(one -> one.rounds.stop()));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One check of one instance. */
    private final class Running {
        private final HealthTarget target;
        private final HealthCheck check;
        private final HealthJudge judge;
        /** All checks of the instance; the lock of their reports. */
        private final List<Running> siblings;
        private final Rounds rounds;
        private Optional<HealthReport> last;

        Running(HealthTarget target, HealthCheck check, HealthJudge judge,
                List<Running> siblings) {
            this.siblings = siblings;
            this.target = target;
            this.check = check;
            this.judge = judge;
            this.last = judge.before();
            this.rounds = new Rounds(timer,
                    check.getProtocol() == HealthCheck.Protocol.COMMAND ? commands : probes,
                    check.getIntervalMs() > 0 ? check.getIntervalMs() : INTERVAL_MS_FALLBACK,
                    this::round);
        }

        void begin(boolean thawed) {
            if (thawed) {
                rounds.beginHurried();
                return;
            }
            if (last.isEmpty() && check.getProtocol() != HealthCheck.Protocol.COMMAND) {
                // Traffic waits for the first success, and failures do not count before the grace is over.
                rounds.beginEager(check.getDelayMs(),
                        check.getGracePeriodMs() - check.getDelayMs());
                return;
            }
            // Spread over the interval: a burst of launches must not become a burst of checks forever.
            rounds.begin(check.getDelayMs() + ThreadLocalRandom.current()
                    .nextLong(Math.min(rounds.intervalMs(), SPREAD_MS_MAX) + 1));
        }

        private boolean round() {
            boolean hurried = rounds.hurried();
            Outcome outcome = probe.run(target, check);
            if (hurried && outcome instanceof Outcome.Unhealthy
                    && !judge.isLenient(Rounds.upMs())) {
                return true; // asked far more often than the app's owner has thought of
            }
            if (outcome instanceof Outcome.Healthy) {
                rounds.slowDown();
            }
            if (!rounds.stopped()) {
                judge.judge(outcome, Rounds.upMs()).ifPresent(this::tell);
            }
            return true;
        }

        private void tell(HealthReport report) {
            Map<String, HealthReport> containers = new LinkedHashMap<>();
            synchronized (siblings) {
                last = Optional.of(report);
                for (Running one : siblings) {
                    String name = one.target.container();
                    if (!name.isEmpty() && one.last.isPresent()) {
                        containers.computeIfAbsent(name, unused -> worst(siblings.stream()
                                .filter(other -> other.target.container().equals(name)).toList()));
                    }
                }
                // Under the lock: of two reports the newer one must be heard last.
                listener.report(target.instanceId(), worst(siblings), containers);
            }
        }
    }

    /** As healthy as the worst of the checks; silent ones count as not alive yet. */
    private static HealthReport worst(List<Running> checks) {
        HealthReport.Builder worst = HealthReport.newBuilder().setAlive(true);
        for (Running one : checks) {
            HealthReport told = one.last.orElse(HealthReport.getDefaultInstance());
            worst.setAlive(worst.getAlive() && told.getAlive());
            worst.setExhausted(worst.getExhausted() || told.getExhausted());
            if (told.getConsecutiveFailures() > worst.getConsecutiveFailures()
                    || worst.getLastFailure().isEmpty()) {
                worst.setConsecutiveFailures(told.getConsecutiveFailures())
                        .setLastFailure(told.getLastFailure());
            }
        }
        return worst.build();
    }
}
