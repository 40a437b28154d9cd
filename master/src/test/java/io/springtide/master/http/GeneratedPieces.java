package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.Health;
import java.io.IOException;
import java.io.StringWriter;

/** What pieces have to say, written field by field with a generator of Jackson: slow, and easy to trust. */
final class GeneratedPieces {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final AppDefinitions definitions;
    private final String clusterId;

    GeneratedPieces(AppDefinitions definitions, String clusterId) {
        this.definitions = definitions;
        this.clusterId = clusterId;
    }

    /** An app with its tasks. */
    String app(AppView app, Embeds embeds) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            json.writeStartObject();
            Json.members(json, new AppJson(definitions, embeds, 0).tree(app));
            if (embeds.tasks()) {
                json.writeArrayFieldStart("tasks");
                for (TaskView task : app.tasks()) {
                    write(json, task, false);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return out.toString();
    }

    /** A task alone. */
    String task(TaskView task, boolean withServicePorts) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            write(json, task, withServicePorts);
        }
        return out.toString();
    }

    private String prefix(TaskView task) {
        return TaskIds.prefix(task.appPath(), clusterId);
    }

    private void write(JsonGenerator json, TaskView task, boolean withServicePorts)
            throws IOException {
        App app = definitions.app(task.version());
        json.writeStartObject();
        json.writeStringField("appId", task.appPath());
        json.writeStringField("id", TaskIds.taskId(prefix(task), task.number()));
        json.writeStringField("host", task.agent().hostname());
        json.writeStringField("slaveId", task.agent().id().name());
        json.writeStringField("state", TaskJson.state(task.condition()));
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
        writeAddresses(json, TaskJson.address(task.ipAddress(), task.agent().hostname()));
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

    private void writeHealth(JsonGenerator json, TaskView task, int checks) throws IOException {
        json.writeArrayFieldStart("healthCheckResults");
        for (int i = 0; i < checks && task.health() != Health.UNKNOWN; i++) {
            boolean alive = task.health() == Health.ALIVE;
            json.writeStartObject();
            json.writeBooleanField("alive", alive);
            json.writeNumberField("consecutiveFailures", task.healthFailures());
            json.writeStringField(alive ? "lastSuccess" : "lastFailure",
                    Timestamps.format(task.healthMs()));
            json.writeStringField("instanceId", TaskIds.instanceId(prefix(task), task.number()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
