package io.springtide.api.compose;

import io.springtide.api.client.Json;
import java.util.List;

/**
 * A Compose file as a group.
 *
 * @param project its name; the group is {@code /project}
 * @param group for {@code PUT /v2/groups/project}
 * @param warnings what was left out
 */
public record Conversion(String project, Json group, List<Finding> warnings) {
    public Conversion {
        warnings = List.copyOf(warnings);
    }

    /** The group's id. */
    public String groupId() {
        return "/" + project;
    }
}
