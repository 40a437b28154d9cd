package io.springtide.master.agents;

import io.springtide.api.agent.Artifact;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.Parameter;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import io.springtide.api.marathon.Check;
import io.springtide.api.marathon.EnvValue;
import io.springtide.api.marathon.Network;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodContainer;
import io.springtide.api.marathon.PodHealthCheck;
import io.springtide.api.marathon.PodProbe;
import io.springtide.api.marathon.PodVolume;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.RuntimeKind;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says what one version of a pod runs, in the words of the agent protocol: a spec for each container, and
 * around them one for the instance. What agents have no words for is left out: terminals, Linux isolation;
 * and checks, since pods have no place to show their answers. What would not run as it is meant to has a
 * refusal instead.
 */
final class PodTaskSpecs {

    private static final long MS_PER_SECOND = 1_000;

    private final Pod pod;
    private final AppVersion version;
    private final TaskSpec.Builder spec;

    PodTaskSpecs(Pod pod, AppVersion version, String clusterId) {
        this.pod = pod;
        this.version = version;
        this.spec = SpecParts.begin(version, clusterId);
    }

    /** Everything but the digest. */
    TaskSpec.Builder write() {
        spec.setRuntime(version.spec().shape().runtime() == RuntimeKind.DOCKER
                ? Runtime.DOCKER
                : Runtime.PROCESS)
                .putAllLabels(pod.labels());
        if (pod.containers().stream().map(one -> one.image().isPresent()).distinct()
                .count() > 1) {
            spec.setRefusal(Unprovided.mixedPod());
        }
        for (PodContainer container : pod.containers()) {
            TaskSpec one = container(container);
            spec.addAllPorts(one.getPortsList()).addContainers(
                    io.springtide.api.agent.PodContainer.newBuilder().setName(container.name())
                            .setSpec(one));
        }
        return spec;
    }

    private TaskSpec container(PodContainer container) {
        TaskSpec.Builder out = TaskSpec.newBuilder().setRuntime(spec.getRuntime())
                .putAllLabels(container.labels());
        Container.Builder inner = Container.newBuilder().setNetwork(network());
        networkName().ifPresent(inner::setNetworkName);
        container.image().ifPresent(
                image -> inner.setImage(image.id()).setForcePull(image.forcePull()));
        container.exec().ifPresent(exec -> launch(exec, out, inner));
        container.user().or(pod::user).ifPresent(out::setUser);
        environment(container).forEach(out::putEnv);
        resources(container, out);
        container.volumeMounts().forEach(mount -> mount(container, mount, inner));
        out.setContainer(inner);
        container.endpoints().forEach(endpoint -> out.addPorts(port(endpoint)));
        container.healthCheck().ifPresent(
                check -> out.addHealthChecks(healthCheck(check, container.endpoints())));
        container.artifacts().forEach(artifact -> {
            Artifact.Builder file = Artifact.newBuilder().setUri(artifact.uri())
                    .setExtract(artifact.extract()).setExecutable(artifact.executable())
                    .setCache(artifact.cache());
            artifact.destPath().ifPresent(file::setDestPath);
            out.addArtifacts(file);
        });
        container.killGracePeriodSeconds().ifPresent(
                seconds -> out.setKillGraceMs(Math.round(seconds * MS_PER_SECOND)));
        return out.build();
    }

    private void launch(PodContainer.Exec exec, TaskSpec.Builder out, Container.Builder inner) {
        switch (exec.command()) {
            case PodContainer.Command.Shell shell -> out.setCommand(shell.line());
            case PodContainer.Command.Argv argv -> {
                boolean replace = exec.overrideEntrypoint().orElse(false)
                        && !inner.getImage().isEmpty() && !argv.words().isEmpty();
                if (replace) {
                    inner.addParameters(Parameter.newBuilder().setKey("entrypoint")
                            .setValue(argv.words().getFirst()));
                }
                out.addAllArgs(replace
                        ? argv.words().subList(1, argv.words().size())
                        : argv.words());
            }
        }
    }

    /** The pod's, and over it the container's own. */
    private Map<String, String> environment(PodContainer container) {
        Map<String, EnvValue> all = new LinkedHashMap<>(pod.environment());
        all.putAll(container.environment());
        Map<String, String> texts = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            switch (value) {
                case EnvValue.Text(String text) -> texts.put(name, text);
                case EnvValue.SecretRef unused -> spec.setRefusal(Unprovided.secret(name));
            }
        });
        return texts;
    }

    private static void resources(PodContainer container, TaskSpec.Builder out) {
        var wanted = container.resources();
        out.setResources(Resources.newBuilder()
                .setCpusMilli(SpecParts.up(wanted.cpus(), SpecParts.MILLI))
                .setMemMib(SpecParts.up(wanted.memMib(), BigDecimal.ONE))
                .setDiskMib(SpecParts.up(wanted.diskMib(), BigDecimal.ONE))
                .setGpus(wanted.gpus()));
        wanted.limits().ifPresent(limits -> SpecParts.limit(limits, out));
    }

    // ------------------------------------------------------------ network and volumes

    private Container.Network network() {
        if (pod.isHost()) {
            return Container.Network.HOST;
        }
        return networkName().isPresent() ? Container.Network.NAMED : Container.Network.BRIDGE;
    }

    private Optional<String> networkName() {
        return pod.networks().stream().filter(network -> network.mode() == Network.Mode.CONTAINER)
                .findFirst().flatMap(Network::name);
    }

    private void mount(PodContainer container, PodContainer.Mount mount,
            Container.Builder inner) {
        Volume.Builder out = Volume.newBuilder().setContainerPath(mount.mountPath())
                .setReadOnly(mount.readOnly());
        PodVolume volume = pod.volumes().stream()
                .filter(one -> one.name().equals(mount.name())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "container " + container.name() + " mounts a volume that is not there: "
                                + mount.name()));
        switch (volume) {
            case PodVolume.Ephemeral shared -> inner.addVolumes(out.setPodVolume(shared.name()));
            case PodVolume.Host host -> inner.addVolumes(host.path().startsWith("/")
                    ? out.setHostPath(host.path())
                    // Below the sandbox of the instance, which its containers share under a name.
                    : out.setPodVolume(host.name()));
            case PodVolume.SecretFile left -> spec.setRefusal(Unprovided.secret(left.name()));
            case PodVolume.Persistent left ->
                spec.setRefusal(Unprovided.persistentVolume(left.name()));
        }
    }

    // ------------------------------------------------------------ endpoints

    /** Beside tcp and udp, protocols are words for service discovery, spoken over tcp. */
    private static PortSpec port(PodContainer.Endpoint endpoint) {
        boolean udp = endpoint.protocol().stream().anyMatch("udp"::equalsIgnoreCase);
        boolean others = endpoint.protocol().stream().anyMatch(one -> !one.equalsIgnoreCase("udp"));
        int inside = endpoint.containerPort().orElse(0);
        return PortSpec.newBuilder().setName(endpoint.name())
                .setRequested(inside > 0 ? inside : endpoint.hostPort().orElse(0))
                .setContainerPort(inside).setHostPort(endpoint.hostPort().isPresent())
                .setTcp(others || !udp).setUdp(udp).build();
    }

    private static HealthCheck healthCheck(PodHealthCheck check,
            List<PodContainer.Endpoint> endpoints) {
        HealthCheck.Builder out = HealthCheck.newBuilder()
                .setGracePeriodMs(check.gracePeriodSeconds() * MS_PER_SECOND)
                .setIntervalMs(check.intervalSeconds() * MS_PER_SECOND)
                .setTimeoutMs(check.timeoutSeconds() * MS_PER_SECOND)
                .setConsecutiveFailuresMax(check.maxConsecutiveFailures())
                .setDelayMs(check.delaySeconds() * MS_PER_SECOND);
        switch (check.probe()) {
            case PodProbe.Http http -> out
                    .setProtocol(http.scheme() == Check.Scheme.HTTPS
                            ? HealthCheck.Protocol.HTTPS
                            : HealthCheck.Protocol.HTTP)
                    .setPath(http.path().orElse("/"))
                    .setPortIndex(index(http.endpoint(), endpoints));
            case PodProbe.Tcp tcp -> out.setProtocol(HealthCheck.Protocol.TCP)
                    .setPortIndex(index(tcp.endpoint(), endpoints));
            case PodProbe.Exec exec -> out.setProtocol(HealthCheck.Protocol.COMMAND)
                    .setCommand(line(exec.command()));
        }
        return out.build();
    }

    /** Among the container's own ports, which are its endpoints one for one. */
    private static int index(String name, List<PodContainer.Endpoint> endpoints) {
        for (int i = 0; i < endpoints.size(); i++) {
            if (endpoints.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("a check names an endpoint that is not there: " + name);
    }

    /** A command as a line for the shell. */
    private static String line(PodContainer.Command command) {
        return switch (command) {
            case PodContainer.Command.Shell shell -> shell.line();
            case PodContainer.Command.Argv argv -> CheckSpecs.line(argv.words());
        };
    }
}
