package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Volumes of a service: paths of the agent, memory, or nothing that outlives the instance. */
final class VolumeMapping {
    private static final List<String> OPTIONS = List.of("ro", "rw", "z", "Z", "cached",
            "delegated", "consistent", "nocopy");

    private final List<Json> volumes = new ArrayList<>();
    private final Parameters parameters;

    private VolumeMapping(Parameters parameters) {
        this.parameters = parameters;
    }

    /** As {@code volumes} of a container; what Docker keeps by itself goes to the parameters. */
    static List<Json> of(Node service, Parameters parameters) {
        VolumeMapping all = new VolumeMapping(parameters);
        for (Node volume : service.get("volumes").items()) {
            if (volume.isObject()) {
                all.longForm(volume);
            } else {
                all.shortForm(volume);
            }
        }
        for (Node tmpfs : service.get("tmpfs").itemOrItems()) {
            parameters.add("tmpfs", tmpfs.text());
        }
        return all.volumes;
    }

    private void shortForm(Node volume) {
        String[] parts = volume.text().split(":", -1);
        if (parts.length == 1) {
            parameters.add("volume", parts[0]);
            return;
        }
        boolean readOnly = false;
        if (parts.length == 3) {
            for (String option : parts[2].split(",", -1)) {
                readOnly |= option.equals("ro");
                if (!OPTIONS.contains(option)) {
                    volume.error("the option '" + option + "' is not supported");
                }
            }
        } else if (parts.length > 3) {
            volume.error("must be written /on/the/agent:/in/the/container[:ro]");
            return;
        }
        bind(volume, parts[0], parts[1], readOnly);
    }

    private void longForm(Node volume) {
        Keys.check(volume, List.of("type", "source", "target", "read_only", "bind", "volume",
                "tmpfs", "consistency", "image"));
        String type = volume.get("type").text();
        String target = volume.get("target").text();
        if (target.isEmpty()) {
            volume.error("needs a target, the path in the container");
            return;
        }
        switch (type) {
            case "bind" -> bind(volume, volume.get("source").text(), target,
                    volume.get("read_only").flag());
            case "tmpfs" -> parameters.add("tmpfs", target + size(volume.get("tmpfs")));
            case "volume", "" -> {
                if (volume.get("source").present()) {
                    bind(volume, volume.get("source").text(), target,
                            volume.get("read_only").flag());
                } else {
                    parameters.add("volume", target);
                }
            }
            default -> volume.get("type").error("must be bind or tmpfs, not '" + type + "'");
        }
    }

    private static String size(Node tmpfs) {
        String size = tmpfs.get("size").text();
        return size.isEmpty() ? "" : ":size=" + size;
    }

    private void bind(Node volume, String source, String target, boolean readOnly) {
        if (source.startsWith(".") || source.startsWith("~")) {
            volume.error("'" + source + "' is a path of this machine, and instances run on others:"
                    + " name a path that every agent has, such as /srv/data");
        } else if (!source.startsWith("/")) {
            volume.error("the named volume '" + source + "' cannot follow an instance from agent to"
                    + " agent: bind a path that every agent has (/srv/" + source + ":" + target
                    + "), or leave the name out (" + target
                    + ") if the data may go with the instance");
        } else if (!target.startsWith("/")) {
            volume.error("'" + target + "' must be an absolute path in the container");
        } else {
            volumes.add(new JsonObject().with("containerPath", target).with("hostPath", source)
                    .with("mode", readOnly ? "RO" : "RW").build());
        }
    }
}
