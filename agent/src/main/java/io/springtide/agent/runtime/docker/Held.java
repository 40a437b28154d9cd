package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.TaskListener;
import java.time.Duration;

/**
 * A task in the runtime's hands. Its lock orders what the listener hears; nothing slow is done under
 * it.
 */
final class Held {

    enum Phase {
        LAUNCHING, ADOPTING, RUNNING, ENDED
    }

    /** What is to be done about freezing it. */
    enum Wish {
        NONE, PAUSE, UNPAUSE
    }

    /** What a wish to kill calls for at once. */
    enum KillStep {
        NOTHING, TERM, FORCE
    }

    private final Task task;
    private final TaskListener listener;
    private Phase phase;
    private String containerId = "";
    /** A thread is making its container right now: whatever happens, it must have a look at the end. */
    private boolean busy;
    private boolean startingTold;
    private boolean imageFetched;
    private boolean endSeen;
    private boolean overlooked;
    private boolean killAsked;
    private boolean termSent;
    private long killAtNanos;
    private boolean outcomeUnknown;
    private int attempts;
    private Wish wish = Wish.NONE;
    /** A thread is pausing or unpausing its container right now. */
    private boolean pausing;
    /** It may be paused: that was asked for, or seen. */
    private boolean maybePaused;

    Held(Task task, TaskListener listener, Phase phase) {
        this.task = task;
        this.listener = listener;
        this.phase = phase;
    }

    Task task() {
        return task;
    }

    long id() {
        return task.instanceId();
    }

    synchronized Phase phase() {
        return phase;
    }

    synchronized boolean ended() {
        return phase == Phase.ENDED;
    }

    /** The container's id, or its name as long as the id is not known: the daemon takes either. */
    synchronized String container() {
        return containerId.isEmpty() ? task.taskId() : containerId;
    }

    synchronized String containerId() {
        return containerId;
    }

    synchronized void containerId(String id) {
        containerId = id;
    }

    synchronized boolean imageFetched() {
        return imageFetched;
    }

    synchronized void imageFetched(boolean fetched) {
        imageFetched = fetched;
    }

    synchronized int nextAttempt() {
        return ++attempts;
    }

    /** Begins a step of the launch; false if the task is over or another has taken it up. */
    synchronized boolean enterLaunch() {
        if (phase != Phase.LAUNCHING || busy) {
            return false;
        }
        busy = true;
        return true;
    }

    /** Ends a step of the launch; true if a kill came meanwhile and nothing is running yet. */
    synchronized boolean leaveLaunch() {
        busy = false;
        return phase == Phase.LAUNCHING && killAsked;
    }

    synchronized boolean killAsked() {
        return killAsked;
    }

    /** Turns a launch whose container exists already into an adoption, or back. */
    synchronized void become(Phase next) {
        if (phase != Phase.ENDED) {
            phase = next;
        }
    }

    synchronized void tellStarting() {
        if (phase == Phase.LAUNCHING && !startingTold) {
            startingTold = true;
            listener.starting(id());
        }
    }

    synchronized void tellRunning(String ipAddress) {
        if (phase == Phase.LAUNCHING || phase == Phase.ADOPTING) {
            phase = Phase.RUNNING;
            listener.running(id(), ipAddress);
        }
    }

    /** True if this was the news. */
    synchronized boolean tellEnded(Ending ending) {
        if (phase == Phase.ENDED) {
            return false;
        }
        if (overlooked && phase == Phase.RUNNING) {
            listener.overlooked(id());
        }
        phase = Phase.ENDED;
        listener.ended(id(), ending);
        return true;
    }

    /** It is known to run, though a look did not find it running, and no event has told of its end. */
    synchronized boolean endUnannounced() {
        return phase == Phase.RUNNING && !endSeen;
    }

    /** Whatever end is told from now on was found by looking. */
    synchronized void overlooked() {
        overlooked = !endSeen;
    }

    /** Notes that its container has ended; true if it may be looked at now. */
    synchronized boolean endSeen() {
        endSeen = true;
        overlooked = false;
        return phase == Phase.RUNNING || phase == Phase.ADOPTING;
    }

    synchronized boolean takeEndSeen() {
        boolean seen = endSeen;
        endSeen = false;
        return seen;
    }

    /** Notes that it is to be frozen, or to go on; false if that cannot be. */
    synchronized boolean wishPaused(boolean paused) {
        if (phase != Phase.RUNNING || (paused && killAsked)) {
            return false;
        }
        wish = paused ? Wish.PAUSE : Wish.UNPAUSE;
        maybePaused = maybePaused || paused;
        return true;
    }

    /** What a thread is to do now; others keep away from it until it says how that went. */
    synchronized Wish enterPause() {
        if (pausing || phase != Phase.RUNNING || wish == Wish.NONE) {
            return Wish.NONE;
        }
        pausing = true;
        return wish;
    }

    /** It is frozen or goes on, or could not be made to; returns what is wanted now. */
    synchronized Wish leavePause(boolean paused, boolean done) {
        pausing = false;
        if (phase != Phase.RUNNING) {
            return Wish.NONE;
        }
        if (done && wish == (paused ? Wish.PAUSE : Wish.UNPAUSE)) {
            wish = Wish.NONE;
            maybePaused = paused;
            if (paused) {
                listener.paused(id());
            } else {
                listener.resumed(id());
            }
        }
        return wish;
    }

    /** It was seen to be paused. */
    synchronized void pausedSeen() {
        maybePaused = true;
    }

    /** Whether it may be paused, now or when a request that is under way is answered. */
    synchronized boolean maybePaused() {
        return maybePaused;
    }

    /** Notes the wish to kill; a repeated one may only shorten the grace. */
    synchronized void askKill(Duration grace, long nowNanos) {
        long atNanos = nowNanos + grace.toNanos();
        if (!killAsked || atNanos - killAtNanos < 0) {
            killAtNanos = atNanos;
        }
        killAsked = true;
    }

    /** What is due now. */
    synchronized KillStep nextKillStep(long nowNanos) {
        if (phase != Phase.RUNNING || !killAsked) {
            return KillStep.NOTHING;
        }
        if (killAtNanos - nowNanos <= 0) {
            return KillStep.FORCE;
        }
        return termSent ? KillStep.NOTHING : KillStep.TERM;
    }

    synchronized void termSent() {
        termSent = true;
    }

    synchronized long killInNanos(long nowNanos) {
        return Math.max(0, killAtNanos - nowNanos);
    }

    /** Ends a task that waits for its turn or its image, of which nothing was made yet. */
    synchronized boolean endIfIdle(Ending ending) {
        return phase == Phase.LAUNCHING && !busy && containerId.isEmpty() && !outcomeUnknown
                && tellEnded(ending);
    }

    /** Whether a request to make the container got lost on its way or on its way back. */
    synchronized boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    synchronized void outcomeUnknown(boolean unknown) {
        outcomeUnknown = unknown;
    }
}
