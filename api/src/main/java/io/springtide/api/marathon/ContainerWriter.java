package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes the container of an app. */
final class ContainerWriter {

    private final ObjectNode out;

    ContainerWriter(ObjectNode out) {
        this.out = out;
    }

    void write(Container container, boolean hostNetwork, List<Integer> servicePorts) {
        out.put("type", container.type().json());
        container.docker().ifPresent(this::writeDocker);
        if (!hostNetwork) {
            ArrayNode mappings = out.putArray("portMappings");
            container.portMappings()
                    .forEach(mapping -> writePortMapping(mapping, servicePorts, mappings));
        }
        ArrayNode volumes = out.putArray("volumes");
        container.volumes().forEach(volume -> writeVolume(volume, volumes.addObject()));
        container.linuxInfo().ifPresent(info -> writeLinuxInfo(info, out));
    }

    private void writeDocker(DockerContainer docker) {
        ObjectNode item = out.putObject("docker").put("image", docker.image())
                .put("forcePullImage", docker.forcePullImage())
                .put("privileged", docker.privileged());
        ArrayNode parameters = item.putArray("parameters");
        docker.parameters().forEach(
                p -> parameters.addObject().put("key", p.key()).put("value", p.value()));
        docker.pullConfigSecret()
                .ifPresent(secret -> item.putObject("pullConfig").put("secret", secret));
    }

    private static void writePortMapping(PortMapping mapping, List<Integer> servicePorts,
            ArrayNode mappings) {
        int position = mappings.size();
        ObjectNode item = mappings.addObject().put("containerPort", mapping.containerPort());
        mapping.hostPort().ifPresent(port -> item.put("hostPort", port));
        item.put("servicePort", AppWriter.assigned(mapping.servicePort(), position, servicePorts))
                .put("protocol", mapping.protocol().json());
        mapping.name().ifPresent(name -> item.put("name", name));
        AppWriter.putMap(item, "labels", mapping.labels());
        if (!mapping.networkNames().isEmpty()) {
            ArrayNode names = item.putArray("networkNames");
            mapping.networkNames().forEach(names::add);
        }
    }

    private static void writeVolume(Volume volume, ObjectNode item) {
        item.put("containerPath", volume.containerPath());
        switch (volume) {
            case Volume.Host host ->
                item.put("hostPath", host.hostPath()).put("mode", host.mode().json());
            case Volume.SecretFile file -> item.put("secret", file.secret());
            case Volume.Persistent persistent -> {
                item.put("mode", persistent.mode().json());
                writeDisk(persistent, item);
            }
            case Volume.External external -> {
                item.put("mode", external.mode().json());
                ObjectNode storage = item.putObject("external").put("provider",
                        external.provider());
                external.name().ifPresent(name -> storage.put("name", name));
                external.sizeGib().ifPresent(size -> storage.put("size", size));
                storage.set("options", JsonInput.parseText(external.optionsJson()));
                storage.put("shared", external.shared());
            }
        }
    }

    static void writeDisk(Volume.Persistent persistent, ObjectNode item) {
        ObjectNode disk = item.putObject("persistent").put("type", persistent.type().json())
                .put("size", persistent.sizeMib());
        persistent.maxSizeMib().ifPresent(size -> disk.put("maxSize", size));
        persistent.profileName().ifPresent(name -> disk.put("profileName", name));
        ArrayNode constraints = disk.putArray("constraints");
        persistent.constraints().forEach(c -> AppWriter.putConstraint(constraints, c));
    }

    static void writeLinuxInfo(LinuxInfo info, ObjectNode out) {
        ObjectNode item = out.putObject("linuxInfo");
        info.seccomp().ifPresent(seccomp -> {
            ObjectNode inner = item.putObject("seccomp");
            seccomp.profileName().ifPresent(name -> inner.put("profileName", name));
            inner.put("unconfined", seccomp.unconfined());
        });
        info.ipc().ifPresent(ipc -> {
            ObjectNode inner = item.putObject("ipcInfo").put("mode", ipc.mode().json());
            ipc.shmSizeMib().ifPresent(size -> inner.put("shmSize", size));
        });
    }
}
