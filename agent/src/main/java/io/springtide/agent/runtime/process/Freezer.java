package io.springtide.agent.runtime.process;

import io.springtide.agent.runtime.process.ProcessTask.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Freezes tasks and lets them go on: by the freezer of their control group where they have one, else by
 * stopping all processes of their session. What is wanted last counts; it is told once it is seen to be
 * so. Nothing is noted on disk, since the kernel knows it. Owned by the runtime's thread.
 */
final class Freezer {

    private static final Logger LOG = LoggerFactory.getLogger(Freezer.class);
    private static final long LOOK_MS_FIRST = 1;
    private static final long LOOK_MS_MAX = 1_000;
    /** From then on something is wrong, though it may still come right. */
    private static final int LOOKS_SUSPECT = 14;

    /** In /proc. */
    private static final char STOPPED = 'T';
    private static final char TRACED = 't';
    private static final char WAITING = 'D';

    private final Launcher launcher;
    private final Verdict verdict;
    private final Cgroups cgroups;
    private final Killer.Alarm alarm;

    Freezer(Launcher launcher, Verdict verdict, Cgroups cgroups, Killer.Alarm alarm) {
        this.launcher = launcher;
        this.verdict = verdict;
        this.cgroups = cgroups;
        this.alarm = alarm;
    }

    /** Takes up a wish; a task that is to end is not frozen any more. */
    void want(ProcessTask known, boolean frozen) {
        if (known.over || (frozen && known.killed)) {
            return;
        }
        ProcessTask.Wish wish = new ProcessTask.Wish(frozen);
        known.wish = Optional.of(wish);
        step(known, wish, 0);
    }

    /** Its process has been found; what was wanted before can be done now. */
    void found(ProcessTask known) {
        known.wish.ifPresent(wish -> step(known, wish, 0));
    }

    /** Lets a task go on that may be frozen, so that it can end. */
    void letEnd(ProcessTask known) {
        want(known, false);
    }

    /** Does what is missing, and looks again until nothing is. */
    private void step(ProcessTask known, ProcessTask.Wish wish, int looks) {
        boolean newest = known.wish.filter(now -> now == wish).isPresent();
        Optional<ProcessStat> process = known.process.filter(stat -> verdict.alive(known, stat));
        if (!newest || known.over || process.isEmpty()) {
            return;
        }
        try {
            if (done(known, process.get(), wish)) {
                known.wish = Optional.empty();
                tell(known, wish);
                return;
            }
        } catch (IOException e) {
            LOG.warn("task.freezer.failed instance={} frozen={} error={}; tried again",
                    known.name, wish.frozen(), e.toString());
        }
        if (looks == LOOKS_SUSPECT) {
            LOG.warn("task.freezer.slow instance={} frozen={}; tried on", known.name,
                    wish.frozen());
        }
        long delayMs = Math.min(LOOK_MS_MAX, LOOK_MS_FIRST << Math.min(looks, 10));
        var unused = alarm.set(() -> step(known, wish, looks + 1), Duration.ofMillis(delayMs));
    }

    private static void tell(ProcessTask known, ProcessTask.Wish wish) {
        if (wish.frozen()) {
            known.listener.paused(known.task.instanceId());
        } else {
            known.listener.resumed(known.task.instanceId());
        }
    }

    /** Orders what is missing; true if nothing is. */
    private boolean done(ProcessTask known, ProcessStat leader, ProcessTask.Wish wish)
            throws IOException {
        Optional<Cgroups.Freezing> group = cgroups.freezing(known.name);
        if (group.isPresent()) {
            return group.get().become(wish.frozen());
        }
        return wish.frozen() ? stopped(known, leader) : continued(known, leader);
    }

    private boolean stopped(ProcessTask known, ProcessStat leader) {
        char state = ProcessStat.of(leader.pid()).map(ProcessStat::state).orElse('?');
        // Signals arrive in order, but late: a stop may be undone by what was sent before.
        if (known.signal == Signal.CONT || (state != STOPPED && state != WAITING)) {
            signal(known, leader, Signal.STOP);
            return false;
        }
        List<ProcessStat> session = session(leader);
        if (state != STOPPED && session.stream().noneMatch(one -> one.state() == STOPPED)) {
            signal(known, leader, Signal.STOP);
            return false;
        }
        // The group stands still; what has left it has not left the session.
        List<ProcessStat> others = session.stream().filter(one -> !still(one.state())).toList();
        others.forEach(one -> launcher.signal("STOP", one.pid()));
        known.strayed = known.strayed || !others.isEmpty();
        return others.isEmpty();
    }

    /**
     * What waits in the kernel does not come back from there while a stop is pending: a shell, say, that
     * was stopped between its vfork and the exec of its child.
     */
    private static boolean still(char state) {
        return state == STOPPED || state == TRACED || state == WAITING;
    }

    private boolean continued(ProcessTask known, ProcessStat leader) {
        // Who was stopped by an earlier life of this agent may not have noticed it yet.
        boolean mayStop = known.signal == Signal.NONE && known.adopted
                && session(leader).stream().anyMatch(one -> one.state() == STOPPED);
        if (known.signal == Signal.STOP || mayStop || stopped(leader.pid())) {
            signal(known, leader, Signal.CONT);
            return false;
        }
        if (known.strayed || known.adopted) {
            boolean all = known.strayed; // some may not have heard yet that they are to stop
            known.strayed = false;
            session(leader).stream().filter(one -> all || one.state() == STOPPED)
                    .forEach(one -> launcher.signal("CONT", one.pid()));
        }
        return true;
    }

    private void signal(ProcessTask known, ProcessStat leader, Signal signal) {
        known.signal = signal;
        launcher.signal(signal.name(), -leader.pid());
    }

    private static boolean stopped(long pid) {
        return ProcessStat.of(pid).filter(now -> now.state() == STOPPED).isPresent();
    }

    private static List<ProcessStat> session(ProcessStat leader) {
        return ProcessTree.ofSessions(Map.of(leader.pid(), leader.startTicks()));
    }
}
