package io.springtide.agent.runtime.process;

import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.TaskListener;
import io.springtide.agent.runtime.TaskUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** What the runtime knows of one task. Owned by the runtime's thread, {@code killed} excepted. */
final class ProcessTask {

    private static final long TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Java runs on
    private static final long PAGE_BYTES = 4096;

    final Task task;
    final TaskListener listener;
    final boolean adopted;
    final String name;
    /** Of the launcher that was told to start it; 0 before. */
    int generation;
    Optional<ProcessStat> process = Optional.empty();
    boolean over;
    /** What is still to be done about freezing it. */
    Optional<Wish> wish = Optional.empty();
    /** The last signal that stops it or lets it go on; it may still be on its way. */
    Signal signal = Signal.NONE;
    /** Processes outside of its group were stopped, too. */
    boolean strayed;
    Duration grace = Duration.ZERO;
    Optional<ScheduledFuture<?>> force = Optional.empty();
    /** Read by the thread that fetches artifacts. */
    volatile boolean killed;
    private long measuredAtNs;
    private long cpuTicksBefore = -1;

    /** What its group was told. */
    enum Signal {
        NONE, STOP, CONT
    }

    /** That it be frozen, or go on; a later one is another, though it wants the same. */
    static final class Wish {
        private final boolean frozen;

        Wish(boolean frozen) {
            this.frozen = frozen;
        }

        boolean frozen() {
            return frozen;
        }
    }

    ProcessTask(Task task, TaskListener listener, boolean adopted) {
        this.task = task;
        this.listener = listener;
        this.adopted = adopted;
        this.name = ProcessFiles.name(task.instanceId());
    }

    /** What it has used since the last call; empty the first time, or when it is gone. */
    Optional<TaskUsage> measure() {
        Optional<ProcessTree.Sum> sum = process.flatMap(stat -> ProcessTree.measure(stat.pid()));
        if (sum.isEmpty()) {
            return Optional.empty();
        }
        long nowNs = System.nanoTime();
        long before = cpuTicksBefore;
        double seconds = (nowNs - measuredAtNs) / (double) TimeUnit.SECONDS.toNanos(1);
        measuredAtNs = nowNs;
        cpuTicksBefore = sum.get().cpuTicks();
        long memBytes = sum.get().residentPages() * PAGE_BYTES;
        if (before < 0) {
            return Optional.of(new TaskUsage(task.instanceId(), 0, memBytes));
        }
        // A child that ended unwaited takes its ticks along; never report a negative use.
        long ticks = Math.max(0, sum.get().cpuTicks() - before);
        return Optional.of(new TaskUsage(task.instanceId(),
                Math.round(1000.0 * ticks / TICKS_PER_SECOND / Math.max(seconds, 0.001)),
                memBytes));
    }
}
