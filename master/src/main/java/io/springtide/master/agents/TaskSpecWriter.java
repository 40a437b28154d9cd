package io.springtide.master.agents;

import io.springtide.api.agent.Artifact;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.Parameter;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.ReadinessCheck;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.DockerContainer;
import io.springtide.api.marathon.EnvValue;
import io.springtide.api.marathon.Network;
import io.springtide.api.marathon.PortDefinition;
import io.springtide.api.marathon.PortMapping;
import io.springtide.api.marathon.PortProtocol;
import io.springtide.core.model.AppVersion;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what one version of an app runs, in the words of the agent protocol. One that wants secrets, or
 * volumes other than folders of the host, has a refusal instead: agents cannot provide them.
 */
final class TaskSpecWriter {

    private static final Logger LOG = LoggerFactory.getLogger(TaskSpecWriter.class);

    private static final long MS_PER_SECOND = 1_000;

    private final App app;
    private final AppVersion version;
    private final TaskSpec.Builder spec;

    TaskSpecWriter(App app, AppVersion version, String clusterId) {
        this.app = app;
        this.version = version;
        this.spec = SpecParts.begin(version, clusterId);
    }

    /** Everything but the digest. */
    TaskSpec.Builder write() {
        launch();
        app.resources().limits().ifPresent(limits -> SpecParts.limit(limits, spec));
        spec.setRuntime(image().isPresent() ? Runtime.DOCKER : Runtime.PROCESS)
                .putAllLabels(app.labels());
        container();
        ports();
        app.checks().healthChecks().forEach(check -> spec.addHealthChecks(healthCheck(check)));
        app.checks().check().ifPresent(check -> spec.setCheck(CheckSpecs.of(check)));
        app.checks().readinessChecks().stream().findFirst().ifPresent(this::readiness);
        return spec;
    }

    private void launch() {
        app.launch().cmd().ifPresent(spec::setCommand);
        spec.addAllArgs(app.launch().args());
        app.launch().user().ifPresent(spec::setUser);
        app.launch().env().forEach((name, value) -> {
            switch (value) {
                case EnvValue.Text(String text) -> spec.putEnv(name, text);
                case EnvValue.SecretRef unused -> spec.setRefusal(Unprovided.secret(name));
            }
        });
        app.launch().fetch().forEach(fetch -> {
            Artifact.Builder artifact = Artifact.newBuilder().setUri(fetch.uri())
                    .setExtract(fetch.extract()).setExecutable(fetch.executable())
                    .setCache(fetch.cache());
            fetch.destPath().ifPresent(artifact::setDestPath);
            spec.addArtifacts(artifact);
        });
    }

    private Optional<DockerContainer> image() {
        return app.container().flatMap(io.springtide.api.marathon.Container::docker);
    }

    private void container() {
        Container.Builder container = Container.newBuilder().setNetwork(network());
        app.networking().networks().stream()
                .filter(network -> network.mode() == Network.Mode.CONTAINER).findFirst()
                .flatMap(Network::name).ifPresent(container::setNetworkName);
        image().ifPresent(docker -> {
            container.setImage(docker.image()).setForcePull(docker.forcePullImage())
                    .setPrivileged(docker.privileged());
            docker.parameters().forEach(parameter -> container.addParameters(Parameter.newBuilder()
                    .setKey(parameter.key()).setValue(parameter.value())));
        });
        app.container().ifPresent(given -> given.volumes().forEach(volume -> {
            switch (volume) {
                case io.springtide.api.marathon.Volume.Host host ->
                    container.addVolumes(Volume.newBuilder()
                            .setContainerPath(host.containerPath()).setHostPath(host.hostPath())
                            .setReadOnly(
                                    host.mode() == io.springtide.api.marathon.Volume.Mode.RO));
                case io.springtide.api.marathon.Volume.Persistent left ->
                    spec.setRefusal(Unprovided.persistentVolume(left.containerPath()));
                case io.springtide.api.marathon.Volume.External left ->
                    spec.setRefusal(Unprovided.externalVolume(left.containerPath()));
                case io.springtide.api.marathon.Volume.SecretFile left ->
                    spec.setRefusal(Unprovided.secret(left.containerPath()));
            }
        }));
        spec.setContainer(container);
    }

    private Container.Network network() {
        if (app.networking().isHost()) {
            return Container.Network.HOST;
        }
        return app.networking().isBridge() ? Container.Network.BRIDGE : Container.Network.NAMED;
    }

    // ------------------------------------------------------------ ports

    private void ports() {
        if (app.networking().isHost()) {
            List<PortDefinition> ports = app.networking().portDefinitions();
            for (int i = 0; i < ports.size(); i++) {
                PortDefinition port = ports.get(i);
                spec.addPorts(port(port.name(), port.protocol()).setHostPort(true)
                        .setRequested(port.port() == 0 ? servicePort(i) : port.port()));
            }
        } else {
            app.container().ifPresent(container -> container.portMappings()
                    .forEach(mapping -> spec.addPorts(port(mapping))));
        }
        long hostPorts = spec.getPortsList().stream().filter(PortSpec::getHostPort).count();
        if (hostPorts != version.spec().shape().hostPorts().size()) {
            // Agents refuse such a launch with an error of their own; this is for whoever looks why.
            LOG.error("app_ports_disagree app={} version={} definition={} shape={}",
                    version.spec().id(), version.versionMs(), hostPorts,
                    version.spec().shape().hostPorts().size());
        }
    }

    private PortSpec.Builder port(PortMapping mapping) {
        return port(mapping.name(), mapping.protocol()).setRequested(mapping.containerPort())
                .setContainerPort(mapping.containerPort())
                .setHostPort(app.networking().isBridge() || mapping.hostPort().isPresent());
    }

    private static PortSpec.Builder port(Optional<String> name, PortProtocol protocol) {
        PortSpec.Builder port = PortSpec.newBuilder()
                .setTcp(protocol != PortProtocol.UDP).setUdp(protocol != PortProtocol.TCP);
        name.ifPresent(port::setName);
        return port;
    }

    /** What the cluster has chosen for a port definition that asks for any. */
    private int servicePort(int index) {
        List<Integer> ports = version.spec().servicePorts();
        return index < ports.size() ? ports.get(index) : 0;
    }

    // ------------------------------------------------------------ checks

    /** Its port is named; of several ports of that name the first is meant. */
    private void readiness(io.springtide.api.marathon.ReadinessCheck check) {
        int index = 0;
        while (index < spec.getPortsCount()
                && !spec.getPorts(index).getName().equals(check.portName())) {
            index++;
        }
        if (index == spec.getPortsCount()) {
            // The rules for apps do not let it come to this; the agent says that it has no such port.
            LOG.error("app_readiness_port_unknown app={} version={} port={}",
                    version.spec().id(), version.versionMs(), check.portName());
        }
        spec.setReadinessCheck(ReadinessCheck.newBuilder()
                .setHttps(check
                        .protocol() == io.springtide.api.marathon.ReadinessCheck.Protocol.HTTPS)
                .setPath(check.path()).setPortIndex(index)
                .setIntervalMs(check.intervalSeconds() * MS_PER_SECOND)
                .setTimeoutMs(check.timeoutSeconds() * MS_PER_SECOND)
                .addAllReadyStatuses(check.httpStatusCodesForReady())
                .setPreserveLastResponse(check.preserveLastResponse()));
    }

    private static HealthCheck healthCheck(io.springtide.api.marathon.HealthCheck check) {
        HealthCheck.Builder out = HealthCheck.newBuilder().setProtocol(protocol(check.protocol()))
                .setPath(check.path().orElse("/")).setPort(check.port().orElse(0))
                .setPortIndex(check.portIndex().orElse(0))
                .setGracePeriodMs(check.gracePeriodSeconds() * MS_PER_SECOND)
                .setIntervalMs(check.intervalSeconds() * MS_PER_SECOND)
                .setTimeoutMs(check.timeoutSeconds() * MS_PER_SECOND)
                .setConsecutiveFailuresMax(check.maxConsecutiveFailures())
                .setDelayMs(check.delaySeconds() * MS_PER_SECOND)
                .setIgnoreHttp1Xx(check.ignoreHttp1xx()).setIpv6(check
                        .ipProtocol() == io.springtide.api.marathon.HealthCheck.IpProtocol.IPV6);
        check.command().ifPresent(out::setCommand);
        return out.build();
    }

    private static HealthCheck.Protocol protocol(
            io.springtide.api.marathon.HealthCheck.Protocol protocol) {
        return switch (protocol) {
            case HTTP, MESOS_HTTP -> HealthCheck.Protocol.HTTP;
            case HTTPS, MESOS_HTTPS -> HealthCheck.Protocol.HTTPS;
            case TCP, MESOS_TCP -> HealthCheck.Protocol.TCP;
            case COMMAND -> HealthCheck.Protocol.COMMAND;
        };
    }
}
