package io.springtide.agent.health;

import io.springtide.api.agent.TaskSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An instance whose health is to be checked.
 *
 * @param ipAddress the container's own address, or empty
 * @param environment for COMMAND checks
 * @param sandbox working directory of COMMAND checks
 */
public record HealthTarget(long instanceId, TaskSpec spec, List<Integer> hostPorts,
        String ipAddress,
        Map<String, String> environment, Path sandbox) {

    public HealthTarget {
        hostPorts = List.copyOf(hostPorts);
    }
}
