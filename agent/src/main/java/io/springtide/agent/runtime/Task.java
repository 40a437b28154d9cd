package io.springtide.agent.runtime;

import io.springtide.api.agent.TaskSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One attempt to run a container or process, complete in itself.
 *
 * @param hostPorts one for each port of the spec that wants a host port, in the spec's order
 * @param environment all of it, what the author wrote and what the agent adds
 * @param sandbox the task's own folder; holds its working directory and logs
 */
public record Task(long instanceId, String taskId, TaskSpec spec, List<Integer> hostPorts,
        Map<String, String> environment, Path sandbox) {

    public Task {
        hostPorts = List.copyOf(hostPorts);
    }
}
