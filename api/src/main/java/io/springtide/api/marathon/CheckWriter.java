package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes how an app's tasks are judged. */
final class CheckWriter {

    private CheckWriter() {}

    static void write(Checks checks, ObjectNode out) {
        if (!checks.healthChecks().isEmpty()) {
            ArrayNode list = out.putArray("healthChecks");
            checks.healthChecks().forEach(check -> writeHealthCheck(check, list.addObject()));
        }
        checks.check().ifPresent(check -> writeCheck(check, out.putObject("check")));
        if (!checks.readinessChecks().isEmpty()) {
            ArrayNode list = out.putArray("readinessChecks");
            checks.readinessChecks().forEach(check -> writeReadinessCheck(check, list.addObject()));
        }
    }

    private static void writeHealthCheck(HealthCheck check, ObjectNode item) {
        item.put("protocol", check.protocol().json());
        check.path().ifPresent(path -> item.put("path", path));
        check.port().ifPresent(port -> item.put("port", port));
        check.portIndex().ifPresent(index -> item.put("portIndex", index));
        check.command().ifPresent(command -> item.putObject("command").put("value", command));
        item.put("gracePeriodSeconds", check.gracePeriodSeconds())
                .put("intervalSeconds", check.intervalSeconds())
                .put("timeoutSeconds", check.timeoutSeconds())
                .put("maxConsecutiveFailures", check.maxConsecutiveFailures())
                .put("delaySeconds", check.delaySeconds())
                .put("ignoreHttp1xx", check.ignoreHttp1xx())
                .put("ipProtocol", check.ipProtocol().json());
    }

    private static void writeCheck(Check check, ObjectNode item) {
        switch (check.probe()) {
            case Check.Probe.Http probe -> {
                ObjectNode http = item.putObject("http");
                probe.portIndex().ifPresent(index -> http.put("portIndex", index));
                probe.port().ifPresent(port -> http.put("port", port));
                probe.path().ifPresent(path -> http.put("path", path));
                http.put("scheme", probe.scheme().json());
            }
            case Check.Probe.Tcp probe -> {
                ObjectNode tcp = item.putObject("tcp");
                probe.portIndex().ifPresent(index -> tcp.put("portIndex", index));
                probe.port().ifPresent(port -> tcp.put("port", port));
            }
            case Check.Probe.Shell(String command) -> item.putObject("exec").putObject("command")
                    .put("shell", command);
            case Check.Probe.Argv(List<String> command) -> {
                ArrayNode argv = item.putObject("exec").putObject("command").putArray("argv");
                command.forEach(argv::add);
            }
        }
        item.put("intervalSeconds", check.intervalSeconds())
                .put("timeoutSeconds", check.timeoutSeconds())
                .put("delaySeconds", check.delaySeconds());
    }

    private static void writeReadinessCheck(ReadinessCheck check, ObjectNode item) {
        item.put("name", check.name()).put("protocol", check.protocol().json())
                .put("path", check.path()).put("portName", check.portName())
                .put("intervalSeconds", check.intervalSeconds())
                .put("timeoutSeconds", check.timeoutSeconds());
        ArrayNode codes = item.putArray("httpStatusCodesForReady");
        check.httpStatusCodesForReady().forEach(codes::add);
        item.put("preserveLastResponse", check.preserveLastResponse());
    }
}
