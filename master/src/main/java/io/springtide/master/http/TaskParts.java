package io.springtide.master.http;

import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.App;
import java.util.Arrays;

/**
 * What all tasks of a configuration have in common, as bytes. Never changed.
 *
 * @param clusterId that is in the ids
 * @param head up to the number in the task's id
 * @param idHead the quote and the instance's id up to its number
 * @param role from the role to the end
 * @param healthChecks how many
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared or changed
record TaskParts(String clusterId, byte[] head, byte[] idHead, byte[] role, int healthChecks) {

    static TaskParts of(App app, String clusterId) {
        String path = app.id().path();
        byte[] quoted = JsonBytes.quoted(TaskIds.prefix(path, clusterId));
        byte[] idHead = Arrays.copyOf(quoted, quoted.length - 1);
        JsonBytes out = JsonBytes.small();
        byte[] head = out.raw("{\"appId\":").text(path).raw(",\"id\":").raw(idHead).take();
        byte[] role = out.raw(",\"role\":").text(app.placement().role()).raw('}').take();
        return new TaskParts(clusterId, head, idHead, role, app.checks().healthChecks().size());
    }
}
