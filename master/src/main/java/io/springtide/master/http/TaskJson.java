package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import java.io.IOException;

/** Tasks as Marathon shows them. Not one field more: its strictest clients fail on any they do not know. */
final class TaskJson {

    private final AppDefinitions definitions;
    private final String clusterId;

    TaskJson(AppDefinitions definitions, String clusterId) {
        this.definitions = definitions;
        this.clusterId = clusterId;
    }

    String taskId(TaskView task) {
        return TaskIds.taskId(TaskIds.prefix(task.appPath(), clusterId), task.number());
    }

    String instanceId(TaskView task) {
        return TaskIds.instanceId(TaskIds.prefix(task.appPath(), clusterId), task.number());
    }

    /**
     * Writes a task.
     *
     * @param withServicePorts as {@code /v2/tasks} has them, and nothing else
     */
    void write(JsonGenerator json, TaskView task, boolean withServicePorts) throws IOException {
        App app = definitions.app(task.version());
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
}
