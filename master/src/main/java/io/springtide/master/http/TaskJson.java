package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.ReadinessCheck;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.Readiness;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Tasks as Marathon shows them. Not one field more: its strictest clients fail on any they do not know. One
 * thread: it remembers the app of the task before.
 */
final class TaskJson {

    static final String STAGING = "staging";
    static final String RUNNING = "running";
    private static final String OTHER = "other";

    private final AppDefinitions definitions;
    private final String clusterId;
    private Optional<Known> last = Optional.empty();

    /** What all tasks of a version have in common. */
    private record Known(AppVersion version, App app, String prefix) {

        boolean isOf(AppVersion other) {
            return version.versionMs() == other.versionMs()
                    && version.spec().id().equals(other.spec().id());
        }
    }

    TaskJson(AppDefinitions definitions, String clusterId) {
        this.definitions = definitions;
        this.clusterId = clusterId;
    }

    String taskId(TaskView task) {
        return TaskIds.taskId(prefix(task), task.number());
    }

    String instanceId(TaskView task) {
        return TaskIds.instanceId(prefix(task), task.number());
    }

    private String prefix(TaskView task) {
        return last.filter(known -> known.isOf(task.version())).map(Known::prefix)
                .orElseGet(() -> TaskIds.prefix(task.appPath(), clusterId));
    }

    private Known known(TaskView task) {
        if (last.isEmpty() || !last.get().isOf(task.version())) {
            last = Optional.of(new Known(task.version(), definitions.app(task.version()),
                    TaskIds.prefix(task.appPath(), clusterId)));
        }
        return last.get();
    }

    /**
     * Writes a task.
     *
     * @param withServicePorts as {@code /v2/tasks} has them, and nothing else
     */
    void write(JsonGenerator json, TaskView task, boolean withServicePorts) throws IOException {
        App app = known(task).app();
        json.writeStartObject();
        json.writeStringField("appId", task.appPath());
        json.writeStringField("id", taskId(task));
        json.writeStringField("host", task.agent().hostname());
        json.writeStringField("slaveId", task.agent().id().name());
        json.writeStringField("state", state(task.condition()));
        json.writeArrayFieldStart("ports");
        for (int port : task.ports()) {
            json.writeNumber(port);
        }
        json.writeEndArray();
        if (withServicePorts) {
            json.writeArrayFieldStart("servicePorts");
            for (int port : task.version().spec().servicePorts()) {
                json.writeNumber(port);
            }
            json.writeEndArray();
        }
        writeAddresses(json, address(task.ipAddress(), task.agent().hostname()));
        json.writeStringField("stagedAt", Timestamps.format(task.stagedMs()));
        if (task.startedMs() > 0) {
            json.writeStringField("startedAt", Timestamps.format(task.startedMs()));
        }
        json.writeStringField("version", Timestamps.format(task.version().versionMs()));
        writeHealth(json, task, app.checks().healthChecks().size());
        json.writeArrayFieldStart("localVolumes");
        json.writeEndArray();
        Optional<String> checkResult = CheckResultJson.of(task.check());
        if (checkResult.isPresent()) {
            json.writeFieldName("checkResult");
            json.writeRawValue(checkResult.get());
        }
        if (!task.agent().region().isEmpty()) {
            json.writeStringField("region", task.agent().region());
        }
        if (!task.agent().site().isEmpty()) {
            json.writeStringField("zone", task.agent().site());
        }
        json.writeStringField("role", app.placement().role());
        json.writeEndObject();
    }

    /** The address of a task: its own, or its agent's where that is known as a number. */
    static String address(String own, String hostname) {
        if (!own.isEmpty()) {
            return own;
        }
        return hostname.matches("\\d{1,3}(\\.\\d{1,3}){3}") || hostname.indexOf(':') >= 0
                ? hostname
                : "";
    }

    /** What Mesos would call it. */
    static String state(Condition condition) {
        return switch (condition) {
            case PLACED, STAGING -> "TASK_STAGING";
            case STARTING -> "TASK_STARTING";
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
            case STARTING, UNREACHABLE, UNREACHABLE_INACTIVE, KILLING, FINISHED, FAILED, KILLED,
                    ERROR, GONE ->
                OTHER;
        };
    }

    /** What Marathon's instances call it. */
    static String condition(Condition condition) {
        return switch (condition) {
            case PLACED -> "Provisioned";
            case STAGING -> "Staging";
            case STARTING -> "Starting";
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

    private static void writeAddresses(JsonGenerator json, String address) throws IOException {
        json.writeArrayFieldStart("ipAddresses");
        if (!address.isEmpty()) {
            json.writeStartObject();
            json.writeStringField("ipAddress", address);
            json.writeStringField("protocol", address.indexOf(':') >= 0 ? "IPv6" : "IPv4");
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * The agent tells one verdict on all checks together; clients expect one result for each check, so
     * each gets that verdict.
     */
    private void writeHealth(JsonGenerator json, TaskView task, int checks) throws IOException {
        json.writeArrayFieldStart("healthCheckResults");
        for (int i = 0; i < checks && task.health() != Health.UNKNOWN; i++) {
            boolean alive = task.health() == Health.ALIVE;
            json.writeStartObject();
            json.writeBooleanField("alive", alive);
            json.writeNumberField("consecutiveFailures", task.healthFailures());
            json.writeStringField(alive ? "lastSuccess" : "lastFailure",
                    Timestamps.format(task.healthMs()));
            json.writeStringField("instanceId", instanceId(task));
            json.writeEndObject();
        }
        json.writeEndArray();
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
