package io.springtide.agent.runtime.process;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends tasks: a request first, and force once the grace is over, also for what has left its process
 * group. Owned by the runtime's thread.
 */
final class Killer {

    private static final Logger LOG = LoggerFactory.getLogger(Killer.class);

    /** Does something on the runtime's thread, later. */
    @FunctionalInterface
    interface Alarm {
        ScheduledFuture<?> set(Runnable step, Duration delay);
    }

    private final Launcher launcher;
    private final Verdict verdict;
    private final Alarm alarm;
    private final Freezer freezer;

    Killer(Launcher launcher, Verdict verdict, Freezer freezer, Alarm alarm) {
        this.launcher = launcher;
        this.verdict = verdict;
        this.freezer = freezer;
        this.alarm = alarm;
    }

    /** Takes up an order; a repeated one can only shorten the grace. */
    void kill(ProcessTask known, Duration grace) {
        boolean first = !known.killed;
        known.killed = true;
        known.grace = first || grace.compareTo(known.grace) < 0 ? grace : known.grace;
        if (known.process.isPresent()) {
            if (first) {
                signalFirst(known);
            } else {
                scheduleForce(known);
            }
        }
    }

    /** Asks a task that runs to end. */
    void signalFirst(ProcessTask known) {
        known.process.filter(stat -> verdict.alive(known, stat))
                .ifPresent(process -> launcher.signal("TERM", -process.pid()));
        // It hears of that only when it goes on.
        freezer.letEnd(known);
        scheduleForce(known);
    }

    private void scheduleForce(ProcessTask known) {
        known.force.ifPresent(timer -> timer.cancel(false));
        known.force = Optional.of(alarm.set(() -> force(known), known.grace));
    }

    private void force(ProcessTask known) {
        if (known.over
                || known.process.filter(process -> verdict.alive(known, process)).isEmpty()) {
            return;
        }
        ProcessStat leader = known.process.get();
        LOG.info("task.kill.force instance={}", known.name);
        launcher.signal("KILL", -leader.pid());
        killSessions(Map.of(leader.pid(), leader.startTicks()));
        // A control group of version 1 that is frozen does not even die.
        freezer.letEnd(known);
    }

    /**
     * Ends what has left its process group but not its session.
     *
     * @param leaders by their pids, with their start times
     */
    void killSessions(Map<Long, Long> leaders) {
        for (ProcessStat process : ProcessTree.ofSessions(leaders)) {
            launcher.signal("KILL", process.pid());
        }
    }
}
