package io.springtide.agent.runtime;

import io.springtide.agent.fetch.FetchProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Runs tasks in one way: as processes, or in containers.
 *
 * <p>All methods but those of {@link Inside} return at once and may be called from the agent's loop;
 * slow work happens on threads of the runtime, whose number and queues are bounded. What becomes of a
 * task is told to its {@link TaskListener}, possibly from another thread. A task survives the end of
 * this process: what has been launched is found again with {@link #adopt}.
 */
public interface TaskRuntime extends Inside, AutoCloseable {

    /** Which kind of task this runs. */
    io.springtide.api.agent.Runtime kind();

    /**
     * Why nothing can be run in this way on this machine right now, as a sentence that says what to
     * do; empty if all is well.
     */
    Optional<String> unavailable();

    /** Starts a task. Launching one that is already known changes nothing. */
    void launch(Task task, TaskListener listener);

    /**
     * Takes up a task that an earlier life of this agent launched, running or ended meanwhile. The
     * listener hears {@code running} or {@code ended}, with the true exit code; {@link Ending.Gone} if
     * no trace of it is left.
     */
    void adopt(Task task, TaskListener listener);

    /**
     * Asks a task to end (SIGTERM) and ends it by force (SIGKILL) when the grace is over. Repeating
     * it may only shorten the grace. A frozen one goes on, so that it can end. Killing an unknown task changes nothing.
     */
    void kill(long instanceId, Duration grace);

    /**
     * Freezes a running task with all its processes: it keeps its memory and uses no processor. The
     * listener hears {@code paused}. Of several wishes the last one counts; one for an unknown task, or
     * for one that is to end, changes nothing. It stays frozen when this process ends.
     */
    void pause(long instanceId);

    /** Lets a task go on, whether it was frozen or not. The listener hears {@code resumed}. */
    void resume(long instanceId);

    /** Frees what an ended task still occupies, its logs excepted. */
    void forget(long instanceId);

    /**
     * What runs, or has run, with this agent's mark and was neither launched nor adopted; as it was when
     * the runtime looked last. At first also what is yet to be adopted.
     */
    default List<Leftover> leftovers() {
        return List.of();
    }

    /** Ends and removes such a thing; one that is launched, adopted or not marked as ours is left alone. */
    default void endLeftover(Leftover leftover) {}

    /**
     * Brings an image onto this machine ahead of time, unless it is there. Blocks, for hours maybe; called
     * from a thread that does nothing else.
     *
     * @param cancelled asked now and then; true gives up
     * @return why it did not work, as a sentence; empty if the image is there
     */
    default Optional<String> fetchImage(String image, FetchProgress progress,
            BooleanSupplier cancelled) throws InterruptedException {
        return Optional.of("this runtime has no images");
    }

    /** What the running tasks have used since the last call. */
    List<TaskUsage> usage();

    /** Stops watching. Tasks go on running. */
    @Override
    void close();
}
