package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Writes one container of a pod. */
final class PodContainerWriter {

    private final ObjectNode out;

    PodContainerWriter(ObjectNode out) {
        this.out = out;
    }

    void write(PodContainer container) {
        out.put("name", container.name());
        container.exec().ifPresent(exec -> {
            ObjectNode item = out.putObject("exec");
            writeCommand(exec.command(), item);
            exec.overrideEntrypoint().ifPresent(flag -> item.put("overrideEntrypoint", flag));
        });
        writeResources(container.resources());
        if (!container.endpoints().isEmpty()) {
            ArrayNode endpoints = out.putArray("endpoints");
            container.endpoints()
                    .forEach(endpoint -> writeEndpoint(endpoint, endpoints.addObject()));
        }
        container.image().ifPresent(this::writeImage);
        AppWriter.writeEnv(container.environment(), out, "environment");
        container.user().ifPresent(user -> out.put("user", user));
        container.healthCheck().ifPresent(check -> {
            ObjectNode item = out.putObject("healthCheck");
            writeProbe(check.probe(), item);
            item.put("gracePeriodSeconds", check.gracePeriodSeconds())
                    .put("intervalSeconds", check.intervalSeconds())
                    .put("maxConsecutiveFailures", check.maxConsecutiveFailures())
                    .put("timeoutSeconds", check.timeoutSeconds())
                    .put("delaySeconds", check.delaySeconds());
        });
        container.check().ifPresent(check -> {
            ObjectNode item = out.putObject("check");
            writeProbe(check.probe(), item);
            item.put("intervalSeconds", check.intervalSeconds())
                    .put("timeoutSeconds", check.timeoutSeconds())
                    .put("delaySeconds", check.delaySeconds());
        });
        if (!container.volumeMounts().isEmpty()) {
            ArrayNode mounts = out.putArray("volumeMounts");
            container.volumeMounts().forEach(mount -> mounts.addObject().put("name", mount.name())
                    .put("mountPath", mount.mountPath()).put("readOnly", mount.readOnly()));
        }
        AppWriter.writeFetch(container.artifacts(), out, "artifacts");
        putLabels(out, container.labels());
        container.killGracePeriodSeconds().ifPresent(seconds -> out.putObject("lifecycle")
                .set("killGracePeriodSeconds", Fields.number(seconds)));
        container.tty().ifPresent(tty -> out.put("tty", tty));
        container.linuxInfo().ifPresent(info -> ContainerWriter.writeLinuxInfo(info, out));
    }

    private void writeResources(Resources resources) {
        ObjectNode item = out.putObject("resources");
        item.set("cpus", Fields.number(resources.cpus()));
        item.set("mem", Fields.number(resources.memMib()));
        item.set("disk", Fields.number(resources.diskMib()));
        item.put("gpus", resources.gpus());
        AppWriter.writeLimits(resources, out);
    }

    private static void writeEndpoint(PodContainer.Endpoint endpoint, ObjectNode item) {
        item.put("name", endpoint.name());
        endpoint.containerPort().ifPresent(port -> item.put("containerPort", port));
        endpoint.hostPort().ifPresent(port -> item.put("hostPort", port));
        if (!endpoint.protocol().isEmpty()) {
            PodWriter.putAll(item.putArray("protocol"), endpoint.protocol());
        }
        putLabels(item, endpoint.labels());
        if (!endpoint.networkNames().isEmpty()) {
            PodWriter.putAll(item.putArray("networkNames"), endpoint.networkNames());
        }
    }

    private void writeImage(PodContainer.Image image) {
        ObjectNode item = out.putObject("image").put("kind", "DOCKER").put("id", image.id())
                .put("forcePull", image.forcePull());
        image.pullConfigSecret()
                .ifPresent(secret -> item.putObject("pullConfig").put("secret", secret));
        putLabels(item, image.labels());
    }

    private static void writeProbe(PodProbe probe, ObjectNode item) {
        switch (probe) {
            case PodProbe.Http http -> {
                ObjectNode inner = item.putObject("http").put("endpoint", http.endpoint());
                http.path().ifPresent(path -> inner.put("path", path));
                // Unlike in checks of apps, Marathon writes it in capitals.
                inner.put("scheme", http.scheme().name());
            }
            case PodProbe.Tcp tcp -> item.putObject("tcp").put("endpoint", tcp.endpoint());
            case PodProbe.Exec exec -> writeCommand(exec.command(), item.putObject("exec"));
        }
    }

    private static void writeCommand(PodContainer.Command command, ObjectNode item) {
        ObjectNode out = item.putObject("command");
        switch (command) {
            case PodContainer.Command.Shell shell -> out.put("shell", shell.line());
            case PodContainer.Command.Argv argv ->
                PodWriter.putAll(out.putArray("argv"), argv.words());
        }
    }

    static void putLabels(ObjectNode out, Map<String, String> labels) {
        if (!labels.isEmpty()) {
            AppWriter.putMap(out, "labels", labels);
        }
    }
}
