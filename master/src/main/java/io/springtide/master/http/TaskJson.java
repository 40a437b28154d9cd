package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.ReadinessCheck;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.Readiness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tasks as Marathon shows them. Not one field more: its strictest clients fail on any they do not know. One
 * thread: it remembers the app of the task before.
 */
final class TaskJson {

    static final String STAGING = "staging";
    static final String RUNNING = "running";
    private static final String OTHER = "other";

    private static final byte[] PORTS = JsonBytes.ascii(",\"ports\":[");

    /** What Mesos calls the conditions, and what comes behind that. */
    private static final EnumMap<Condition, byte[]> STATES = new EnumMap<>(Condition.class);

    static {
        for (Condition condition : Condition.values()) {
            STATES.put(condition, JsonBytes.small().text(state(condition)).raw(PORTS).take());
        }
    }

    private static final byte[] SERVICE_PORTS = JsonBytes.ascii(",\"servicePorts\":[");
    private static final byte[] IP_ADDRESSES = JsonBytes.ascii(",\"ipAddresses\":[");
    private static final byte[] STAGED_AT = JsonBytes.ascii(",\"stagedAt\":");
    private static final byte[] STARTED_AT = JsonBytes.ascii(",\"startedAt\":");
    private static final byte[] VERSION = JsonBytes.ascii(",\"version\":");
    private static final byte[] HEALTH_CHECK_RESULTS = JsonBytes
            .ascii(",\"healthCheckResults\":[");
    private static final byte[] ALIVE = JsonBytes.ascii("{\"alive\":true,\"consecutiveFailures\":");
    private static final byte[] DEAD = JsonBytes.ascii("{\"alive\":false,\"consecutiveFailures\":");
    private static final byte[] LAST_SUCCESS = JsonBytes.ascii(",\"lastSuccess\":");
    private static final byte[] LAST_FAILURE = JsonBytes.ascii(",\"lastFailure\":");
    private static final byte[] INSTANCE_ID = JsonBytes.ascii(",\"instanceId\":");
    private static final byte[] RESULT_END = JsonBytes.ascii("\"}");
    private static final byte[] LOCAL_VOLUMES = JsonBytes.ascii("],\"localVolumes\":[]");
    private static final byte[] CHECK_RESULT = JsonBytes.ascii(",\"checkResult\":");

    private final AppDefinitions definitions;
    private final String clusterId;
    private final AgentTexts agents;
    private Optional<Of> last = Optional.empty();

    /** The parts of the task before, and whose they are. */
    private record Of(AppVersion version, TaskParts parts) {

        boolean isOf(AppVersion other) {
            return version.versionMs() == other.versionMs()
                    && version.spec().id().equals(other.spec().id());
        }
    }

    /** For a few tasks. */
    TaskJson(AppDefinitions definitions, String clusterId) {
        this(definitions, clusterId, new AgentTexts());
    }

    TaskJson(AppDefinitions definitions, String clusterId, AgentTexts agents) {
        this.definitions = definitions;
        this.clusterId = clusterId;
        this.agents = agents;
    }

    String taskId(TaskView task) {
        return TaskIds.taskId(prefix(task), task.number());
    }

    String instanceId(TaskView task) {
        return TaskIds.instanceId(prefix(task), task.number());
    }

    private String prefix(TaskView task) {
        return TaskIds.prefix(task.appPath(), clusterId);
    }

    private TaskParts parts(AppVersion version) {
        if (last.isEmpty() || !last.get().isOf(version)) {
            last = Optional.of(new Of(version, definitions.tasks(version, clusterId)));
        }
        return last.get().parts();
    }

    /** As the other, in the place where a generator is. */
    void write(JsonGenerator json, TaskView task, boolean withServicePorts) throws IOException {
        JsonBytes out = new JsonBytes();
        write(out, task, withServicePorts);
        json.writeRawValue(new String(out.take(), StandardCharsets.UTF_8));
    }

    /**
     * Writes a task.
     *
     * @param withServicePorts as {@code /v2/tasks} has them, and nothing else
     */
    void write(JsonBytes out, TaskView task, boolean withServicePorts) {
        TaskParts app = parts(task.version());
        AgentText agent = agents.of(task.agent());
        out.raw(app.head()).instance(task.number()).raw(agent.host())
                .raw(Objects.requireNonNull(STATES.get(task.condition())));
        writePorts(out, task.ports());
        if (withServicePorts) {
            out.raw(SERVICE_PORTS);
            writePorts(out, task.version().spec().servicePorts());
        }
        out.raw(IP_ADDRESSES);
        if (task.ipAddress().isEmpty()) {
            out.raw(agent.addresses());
        } else {
            AgentText.writeAddress(out, task.ipAddress());
        }
        out.raw(STAGED_AT).time(task.stagedMs());
        if (task.startedMs() > 0) {
            out.raw(STARTED_AT).time(task.startedMs());
        }
        out.raw(VERSION).time(task.version().versionMs()).raw(HEALTH_CHECK_RESULTS);
        writeHealth(out, task, app);
        out.raw(LOCAL_VOLUMES);
        CheckResultJson.of(task.check())
                .ifPresent(result -> out.raw(CHECK_RESULT).raw(result));
        out.raw(agent.place()).raw(app.role());
    }

    private static void writePorts(JsonBytes out, List<Integer> ports) {
        for (int i = 0; i < ports.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            out.number(ports.get(i));
        }
        out.raw(']');
    }

    /** The address of a task: its own, or its agent's where that is known as a number. */
    static String address(String own, String hostname) {
        return own.isEmpty() ? AgentText.address(hostname) : own;
    }

    /** What Mesos would call it. */
    static String state(Condition condition) {
        return switch (condition) {
            case PLACED, STAGING -> "TASK_STAGING";
            // Mesos knows no standbys: one that does not run yet is closest, since it serves nobody.
            case STARTING, PAUSED -> "TASK_STARTING";
            case RUNNING -> "TASK_RUNNING";
            case UNREACHABLE, UNREACHABLE_INACTIVE -> "TASK_UNREACHABLE";
            case KILLING -> "TASK_KILLING";
            case FINISHED -> "TASK_FINISHED";
            case FAILED -> "TASK_FAILED";
            case KILLED -> "TASK_KILLED";
            case ERROR -> "TASK_ERROR";
            case GONE -> "TASK_GONE";
        };
    }

    /** What a query for tasks calls it; {@link #OTHER} if it has no name for it. */
    static String status(Condition condition) {
        return switch (condition) {
            case PLACED, STAGING -> STAGING;
            case RUNNING -> RUNNING;
            case STARTING, PAUSED, UNREACHABLE, UNREACHABLE_INACTIVE, KILLING, FINISHED, FAILED,
                    KILLED, ERROR, GONE ->
                OTHER;
        };
    }

    /** What Marathon's instances call it. */
    static String condition(Condition condition) {
        return switch (condition) {
            case PLACED -> "Provisioned";
            case STAGING -> "Staging";
            case STARTING, PAUSED -> "Starting";
            case RUNNING -> "Running";
            case UNREACHABLE -> "Unreachable";
            case UNREACHABLE_INACTIVE -> "UnreachableInactive";
            case KILLING -> "Killing";
            case FINISHED -> "Finished";
            case FAILED -> "Failed";
            case KILLED -> "Killed";
            case ERROR -> "Error";
            case GONE -> "Gone";
        };
    }

    /**
     * The agent tells one verdict on all checks together; clients expect one result for each check, so
     * each gets that verdict.
     */
    private static void writeHealth(JsonBytes out, TaskView task, TaskParts app) {
        for (int i = 0; i < app.healthChecks() && task.health() != Health.UNKNOWN; i++) {
            boolean alive = task.health() == Health.ALIVE;
            if (i > 0) {
                out.raw(',');
            }
            out.raw(alive ? ALIVE : DEAD).number(task.healthFailures())
                    .raw(alive ? LAST_SUCCESS : LAST_FAILURE).time(task.healthMs())
                    .raw(INSTANCE_ID).raw(app.idHead()).instance(task.number())
                    .raw(RESULT_END);
        }
    }

    /** What tasks have answered to the readiness checks of their app; those that have not are left out. */
    void writeReadiness(ArrayNode results, List<TaskView> tasks) {
        for (TaskView task : tasks) {
            Readiness answer = task.readiness();
            if (answer.equals(Readiness.NONE)) {
                continue;
            }
            for (ReadinessCheck check : definitions.app(task.version()).checks()
                    .readinessChecks()) {
                // Clients look for the task: Marathon has the id of the instance here, and they find nothing.
                ObjectNode result = results.addObject().put("name", check.name())
                        .put("taskId", taskId(task)).put("ready", answer.ready());
                if (check.preserveLastResponse() && answer.httpStatus() != 0) {
                    result.putObject("lastResponse").put("status", answer.httpStatus())
                            .put("contentType", answer.contentType()).put("body", answer.body());
                }
            }
        }
    }
}
