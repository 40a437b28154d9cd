package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.Parameter;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a task down as a request to create its container. */
final class ContainerRequest {

    /** Where containers find their sandbox. Source: Mesos, docker containerizer. */
    static final String SANDBOX = "/mnt/mesos/sandbox";

    private static final String DAEMON_LOG_SIZE = "10m";
    private static final long MIB = 1L << 20;
    /** The least that dockerd accepts. */
    private static final long MEM_MIB_MIN = 6;
    private static final long CPU_SHARES_MIN = 2;
    private static final long CPU_PERIOD_US = 100_000;
    private static final long CPU_QUOTA_US_MIN = 1_000;

    private final Task task;
    private final TaskSpec spec;
    private final Container container;
    private final HostConfig host = new HostConfig();

    private ContainerRequest(Task task) {
        this.task = task;
        this.spec = task.spec();
        this.container = spec.getContainer();
    }

    /**
     * Fills in everything but the image.
     *
     * @throws CannotStartException if the task asks for what cannot be had
     */
    static void write(Task task, Mark mark, CreateContainerCmd create) {
        new ContainerRequest(task).write(mark, create);
    }

    /** The hard limit of memory, in MiB; 0 where there is none. */
    static long memLimitMib(TaskSpec spec) {
        if (spec.getMemLimitMib() < 0) {
            return 0;
        }
        long wanted = spec.getMemLimitMib() > 0
                ? spec.getMemLimitMib()
                : spec.getResources().getMemMib();
        return wanted <= 0 ? 0 : Math.max(wanted, MEM_MIB_MIN);
    }

    private void write(Mark mark, CreateContainerCmd create) {
        create.withName(task.taskId());
        if (!spec.getUser().isEmpty()) {
            create.withUser(spec.getUser());
        }
        host.withPrivileged(container.getPrivileged());
        limits();
        network();
        ports(create);

        RunOptions options = new RunOptions(create, host);
        environment(options.environment);
        options.labels.putAll(spec.getLabelsMap());
        volumes(options);
        for (Parameter parameter : container.getParametersList()) {
            options.take(parameter.getKey(), parameter.getValue());
        }
        // Last, so that nobody can hide a container from the agent or claim another's.
        mark.write(task, options.labels);
        create.withLabels(options.labels);
        command(create, options.entrypoint);
        // The daemon's own copy is what bridges a restart of the agent.
        options.finish(new LogConfig(LogConfig.LoggingType.JSON_FILE,
                Map.of("max-size", DAEMON_LOG_SIZE, "max-file", "2")));
        create.withHostConfig(host);
    }

    private void limits() {
        long cpusMilli = spec.getResources().getCpusMilli();
        host.withCpuShares(
                (int) Math.min(Math.max(cpusMilli * 1024 / 1000, CPU_SHARES_MIN), 262_144));
        if (spec.getCpusLimitMilli() > 0) {
            // Not NanoCpus: dockerd refuses those above the machine's processors, and a limit may be above.
            host.withCpuPeriod(CPU_PERIOD_US);
            host.withCpuQuota(
                    Math.max(spec.getCpusLimitMilli() * CPU_PERIOD_US / 1000, CPU_QUOTA_US_MIN));
        }
        long memMib = memLimitMib(spec);
        if (memMib > 0) {
            host.withMemory(memMib * MIB);
            // Without it the kernel would grant as much again in swap.
            host.withMemorySwap(memMib * MIB);
        }
        long requestedMib = spec.getResources().getMemMib();
        if (spec.getMemLimitMib() != 0 && requestedMib >= MEM_MIB_MIN) {
            host.withMemoryReservation(requestedMib * MIB);
        }
    }

    private void network() {
        host.withNetworkMode(switch (container.getNetwork()) {
            case HOST, UNRECOGNIZED -> "host";
            case BRIDGE -> "bridge";
            case NAMED -> container.getNetworkName();
        });
    }

    private void ports(CreateContainerCmd create) {
        if (container.getNetwork() == Container.Network.HOST) {
            return;
        }
        List<ExposedPort> exposed = new ArrayList<>();
        List<PortBinding> bindings = new ArrayList<>();
        int next = 0;
        for (PortSpec port : spec.getPortsList()) {
            int hostPort = 0;
            if (port.getHostPort()) {
                if (next >= task.hostPorts().size()) {
                    throw new CannotStartException("the order for " + task.taskId() + " came with "
                            + task.hostPorts().size()
                            + " host ports, too few for its port mappings.");
                }
                hostPort = task.hostPorts().get(next++);
            }
            int inside = port.getContainerPort() == 0 ? hostPort : port.getContainerPort();
            if (inside == 0) {
                continue;
            }
            List<ExposedPort> protocols = new ArrayList<>();
            if (port.getTcp() || !port.getUdp()) {
                protocols.add(ExposedPort.tcp(inside));
            }
            if (port.getUdp()) {
                protocols.add(ExposedPort.udp(inside));
            }
            for (ExposedPort one : protocols) {
                exposed.add(one);
                if (hostPort != 0) {
                    bindings.add(new PortBinding(Ports.Binding.bindPort(hostPort), one));
                }
            }
        }
        create.withExposedPorts(exposed);
        host.withPortBindings(bindings);
    }

    private void environment(List<String> into) {
        Map<String, String> all = new LinkedHashMap<>(task.environment());
        // The agent may have said where the sandbox is on the machine; inside, it is elsewhere.
        if (!spec.containsEnv("MESOS_SANDBOX")) {
            all.put("MESOS_SANDBOX", SANDBOX);
        }
        all.forEach((name, value) -> into.add(name + "=" + value));
    }

    private void volumes(RunOptions options) {
        options.binds.add(new Bind(noColon(task.sandbox().toAbsolutePath().toString()),
                new com.github.dockerjava.api.model.Volume(SANDBOX), AccessMode.rw));
        for (Volume volume : container.getVolumesList()) {
            String inside = noColon(volume.getContainerPath());
            if (inside.isEmpty()) {
                throw new CannotStartException(
                        "a volume of " + spec.getAppId() + " has no containerPath.");
            }
            var target = new com.github.dockerjava.api.model.Volume(
                    inside.startsWith("/") ? inside : SANDBOX + "/" + inside);
            if (volume.getHostPath().isEmpty()) {
                options.volumes.add(target);
            } else {
                options.binds.add(new Bind(noColon(hostPath(volume.getHostPath())), target,
                        volume.getReadOnly() ? AccessMode.ro : AccessMode.rw));
            }
        }
    }

    private String hostPath(String wanted) {
        if (wanted.startsWith("/")) {
            return wanted;
        }
        try {
            Path sandbox = task.sandbox().toAbsolutePath().normalize();
            Path path = sandbox.resolve(wanted).normalize();
            if (!path.startsWith(sandbox)) {
                throw new CannotStartException("the volume with hostPath '" + wanted
                        + "' would leave the sandbox; write it without '..', or as an absolute path.");
            }
            Files.createDirectories(path);
            // An unpacked artifact may have brought a link that leads out.
            if (!path.toRealPath().startsWith(sandbox.toRealPath())) {
                throw new CannotStartException("the volume with hostPath '" + wanted
                        + "' leads out of the sandbox over a symbolic link.");
            }
            return path.toString();
        } catch (IOException | InvalidPathException e) {
            throw new CannotStartException("the volume with hostPath '" + wanted
                    + "' could not be made in the sandbox: " + e.getMessage() + ".");
        }
    }

    private static String noColon(String path) {
        if (path.indexOf(':') >= 0) {
            throw new CannotStartException(
                    "Docker cannot mount '" + path + "': a path of a volume may not contain ':'.");
        }
        return path;
    }

    private void command(CreateContainerCmd create, String entrypoint) {
        if (!entrypoint.isEmpty()) {
            create.withEntrypoint(entrypoint);
        }
        if (!spec.getCommand().isEmpty()) {
            // As Mesos does: a shell command replaces the image's entrypoint, it is no argument to it.
            if (entrypoint.isEmpty()) {
                create.withEntrypoint("/bin/sh", "-c");
                create.withCmd(spec.getCommand());
            } else {
                create.withCmd("/bin/sh", "-c", spec.getCommand());
            }
        } else if (spec.getArgsCount() > 0) {
            create.withCmd(spec.getArgsList());
        }
    }
}
