package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Task;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Brings a task's artifacts into its sandbox before its container is made. */
@FunctionalInterface
public interface SandboxPreparation {

    /** For agents that fetch nothing: tasks with artifacts are not started, and say so. */
    SandboxPreparation NONE = (task, cancelled) -> task.spec().getArtifactsCount() == 0
            ? Optional.empty()
            : Optional
                    .of("this agent fetches no artifacts for containers; put them into the image.");

    /**
     * Blocks; called from threads that do nothing else.
     *
     * @param cancelled asked now and then; true gives up
     * @return why it did not work, as a sentence; empty if all is there
     */
    Optional<String> prepare(Task task, BooleanSupplier cancelled);
}
