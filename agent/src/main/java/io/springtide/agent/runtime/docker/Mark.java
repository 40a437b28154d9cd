package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Leftover;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.TaskIds;
import java.util.Map;
import java.util.Optional;

/**
 * The labels by which an agent knows its containers again. The owner is what all looks ask the daemon for;
 * agent and cluster are looked at where the agent has no notes.
 *
 * @param owner tells this agent's containers from those of other agents and clusters that use the same
 *     daemon
 * @param agentId the agent's own name
 */
record Mark(String owner, String agentId) {

    static final String LABEL_OWNER = "io.springtide.owner";
    static final String LABEL_CLUSTER = "io.springtide.cluster";
    static final String LABEL_AGENT = "io.springtide.agent";
    static final String LABEL_INSTANCE = "io.springtide.instance";
    static final String LABEL_TASK = "MESOS_TASK_ID";

    /** Puts a task's labels among others, over whatever bears their names. */
    void write(Task task, Map<String, String> labels) {
        labels.put(LABEL_OWNER, owner);
        labels.put(LABEL_AGENT, agentId);
        labels.put(LABEL_CLUSTER, TaskIds.clusterId(task.taskId()).orElse(""));
        labels.put(LABEL_INSTANCE, instance(task.instanceId()));
        labels.put(LABEL_TASK, task.taskId());
    }

    /** What to ask the daemon for to get all containers of this agent. */
    Map<String, String> filter() {
        return Map.of(LABEL_OWNER, owner);
    }

    /** The same for those of one instance. */
    Map<String, String> filter(long instanceId) {
        return Map.of(LABEL_OWNER, owner, LABEL_INSTANCE, instance(instanceId));
    }

    /** The same for something that is left over. */
    Map<String, String> filter(Leftover leftover) {
        return Map.of(LABEL_OWNER, owner, LABEL_AGENT, agentId, LABEL_CLUSTER,
                leftover.clusterId(), LABEL_INSTANCE, instance(leftover.instanceId()));
    }

    /** What a container would be if it is left over; empty unless every label says that it is ours. */
    Optional<Leftover> leftover(Map<String, String> labels) {
        String cluster = labels.getOrDefault(LABEL_CLUSTER, "");
        boolean ours = owner.equals(labels.get(LABEL_OWNER))
                && agentId.equals(labels.get(LABEL_AGENT)) && !cluster.isEmpty()
                && TaskIds.clusterId(labels.getOrDefault(LABEL_TASK, "")).equals(
                        Optional.of(cluster));
        return ours
                ? instance(labels).map(number -> new Leftover(cluster, number))
                : Optional.empty();
    }

    /** Whether a container was made by this agent for this very task. */
    boolean of(Task task, Map<String, String> labels) {
        return owner.equals(labels.get(LABEL_OWNER))
                && instance(task.instanceId()).equals(labels.get(LABEL_INSTANCE))
                && task.taskId().equals(labels.get(LABEL_TASK));
    }

    /** The number of the instance that labels name. */
    static Optional<Long> instance(Map<String, String> labels) {
        try {
            return Optional.of(
                    Long.parseUnsignedLong(labels.getOrDefault(LABEL_INSTANCE, ""), 16));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String instance(long instanceId) {
        return Long.toHexString(instanceId);
    }
}
