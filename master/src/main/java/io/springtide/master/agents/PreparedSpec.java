package io.springtide.master.agents;

import io.springtide.api.agent.TaskSpec;
import java.util.Optional;

/**
 * What to run, as agents are told, under the name that launches use.
 *
 * @param spec empty if the definition cannot be read: agents then report the launch as an error, and
 *     the app backs off
 */
record PreparedSpec(String digest, Optional<TaskSpec> spec) {

    int sizeBytes() {
        return spec.map(TaskSpec::getSerializedSize).orElse(0);
    }
}
