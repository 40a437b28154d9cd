package io.springtide.agent;

import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.TaskSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What a task finds in its environment. Source: Marathon, "Task environment variables"; what the app's
 * author wrote wins over all of it.
 */
public final class TaskEnvironment {

    /** Marathon leaves out longer labels. */
    private static final int LABEL_KEY_CHARS = 493;
    private static final int LABEL_VALUE_CHARS = 512;

    private TaskEnvironment() {}

    /**
     * Composes the environment.
     *
     * @param hostPorts one for each port of the spec that wants a host port
     * @param gpus which of the machine's GPUs it gets, one bit each
     * @param hostname under which the host ports can be reached
     */
    public static Map<String, String> compose(TaskSpec spec, String taskId, List<Integer> hostPorts,
            int gpus, String hostname,
            Path sandbox) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("MESOS_TASK_ID", taskId);
        all.put("MESOS_SANDBOX", sandbox.toString());
        all.put("MESOS_DIRECTORY", sandbox.toString());
        all.put("MARATHON_APP_ID", spec.getAppId());
        all.put("MARATHON_APP_VERSION", spec.getAppVersion());
        String image = spec.getContainer().getImage();
        if (!image.isEmpty()) {
            all.put("MARATHON_APP_DOCKER_IMAGE", image);
        }
        resources("MARATHON_APP_RESOURCE_", spec.getResources(), all);
        labels(spec, all);
        all.put("HOST", hostname);
        ports(spec, hostPorts, all);
        gpus(gpus, all);
        all.putAll(spec.getEnvMap());
        return all;
    }

    static void resources(String prefix, Resources resources, Map<String, String> all) {
        all.put(prefix + "CPUS", Double.toString(resources.getCpusMilli() / 1000.0));
        all.put(prefix + "MEM", resources.getMemMib() + ".0");
        all.put(prefix + "DISK", resources.getDiskMib() + ".0");
        all.put(prefix + "GPUS", Integer.toString(resources.getGpus()));
    }

    static void gpus(int bits, Map<String, String> all) {
        if (bits != 0) {
            all.put("NVIDIA_VISIBLE_DEVICES", indexes(bits));
        }
    }

    private static String indexes(int bits) {
        StringJoiner indexes = new StringJoiner(",");
        for (int rest = bits; rest != 0; rest &= rest - 1) {
            indexes.add(Integer.toString(Integer.numberOfTrailingZeros(rest)));
        }
        return indexes.toString();
    }

    static void labels(TaskSpec spec, Map<String, String> all) {
        List<String> keys = new ArrayList<>();
        spec.getLabelsMap().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(label -> {
                    if (label.getKey().length() < LABEL_KEY_CHARS
                            && label.getValue().length() < LABEL_VALUE_CHARS) {
                        String key = label.getKey().replaceAll("[^a-zA-Z0-9_]", "_")
                                .toUpperCase(Locale.ROOT);
                        keys.add(key);
                        all.put("MARATHON_APP_LABEL_" + key, label.getValue());
                    }
                });
        all.put("MARATHON_APP_LABELS", String.join(" ", keys));
    }

    private static void ports(TaskSpec spec, List<Integer> hostPorts, Map<String, String> all) {
        List<String> ports = new ArrayList<>();
        int taken = 0;
        for (PortSpec port : spec.getPortsList()) {
            int effective = port.getHostPort() && taken < hostPorts.size()
                    ? hostPorts.get(taken++)
                    : port.getContainerPort() > 0 ? port.getContainerPort() : port.getRequested();
            String value = Integer.toString(effective);
            all.put("PORT" + ports.size(), value);
            all.put("PORT_" + (port.getRequested() > 0 ? port.getRequested() : effective), value);
            if (!port.getName().isEmpty()) {
                all.put("PORT_" + port.getName().toUpperCase(Locale.ROOT), value);
            }
            ports.add(value);
        }
        if (!ports.isEmpty()) {
            all.put("PORT", ports.get(0));
            all.put("PORTS", String.join(",", ports));
        }
    }
}
