package io.springtide.api.marathon;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** What must hold between the fields of a pod. */
final class PodRules {

    private final Pod pod;
    private final ServerSettings settings;
    private final Violations violations;
    private final CommonRules common;

    PodRules(Pod pod, ServerSettings settings, Violations violations) {
        this.pod = pod;
        this.settings = settings;
        this.violations = violations;
        this.common = new CommonRules("", violations);
    }

    void check() {
        common.checkId(pod.id());
        require(pod.user().isEmpty() || !pod.user().get().isEmpty(), "/user", "must not be empty");
        require(pod.secrets().isEmpty() || settings.has(ServerSettings.SECRETS), "/secrets",
                CanonicalRules.featureOff(ServerSettings.SECRETS));
        checkEnvironment(pod.environment(), "/environment");
        common.checkNetworks(pod.networks());
        checkVolumes();
        checkUnique(PodContainer::name, "/containers", "container names must be unique");
        for (int i = 0; i < pod.containers().size(); i++) {
            checkContainer(pod.containers().get(i), "/containers(" + i + ")");
        }
        checkEndpointsTogether();
        common.checkRoles(pod.id(), pod.placement(), settings);
        common.checkUnreachable(pod.rollout(), "/scheduling",
                (int) Math.ceil(pod.containers().stream()
                        .mapToDouble(container -> container.killGracePeriodSeconds()
                                .orElse(CommonRules.GRACE_SECONDS))
                        .max().orElse(CommonRules.GRACE_SECONDS)));
        require(pod.linuxInfo().flatMap(LinuxInfo::seccomp).isEmpty(), "/linuxInfo/seccomp",
                "Seccomp configuration on executor level is not supported");
        common.checkIpc(pod.linuxInfo(), "");
        checkResidency();
    }

    private void require(boolean rule, String where, String error) {
        violations.require(rule, where, error);
    }

    private void checkUnique(Function<PodContainer, Object> value, String where, String error) {
        requireUnique(pod.containers().stream().map(value), where, error);
    }

    private void requireUnique(Stream<?> values, String where, String error) {
        Set<Object> seen = new HashSet<>();
        require(values.allMatch(seen::add), where, error);
    }

    private void checkEnvironment(Map<String, EnvValue> environment, String where) {
        environment.forEach((name, value) -> {
            if (value instanceof EnvValue.SecretRef(String secret)) {
                require(settings.has(ServerSettings.SECRETS), where,
                        "use of secret-references in the environment requires the secrets feature"
                                + " to be enabled");
                require(pod.secrets().containsKey(secret), where + "/" + name + "/secret",
                        "references an undefined secret");
            }
        });
    }

    private void checkVolumes() {
        requireUnique(pod.volumes().stream().map(PodVolume::name), "/volumes",
                "volume names must be unique");
        Set<String> mounted = new HashSet<>();
        pod.containers().forEach(container -> container.volumeMounts()
                .forEach(mount -> mounted.add(mount.name())));
        for (int i = 0; i < pod.volumes().size(); i++) {
            PodVolume volume = pod.volumes().get(i);
            String where = "/volumes(" + i + ")";
            require(mounted.contains(volume.name()), where,
                    "volume must be referenced by at least one container");
            if (volume instanceof PodVolume.SecretFile file) {
                require(settings.has(ServerSettings.SECRETS), where,
                        CanonicalRules.featureOff(ServerSettings.SECRETS));
                require(pod.secrets().containsKey(file.secret()), where,
                        "volume.secret must refer to an existing secret");
            }
        }
    }

    // ------------------------------------------------------------ containers

    private void checkContainer(PodContainer container, String where) {
        checkEnvironment(container.environment(), where + "/environment");
        common.checkLimits(container.resources(), where);
        require(!pod.legacySharedCgroups().orElse(false)
                || container.resources().limits().isEmpty(), where + "/resourceLimits",
                "resourceLimits cannot be defined if legacySharedCgroups is enabled");
        for (int i = 0; i < container.endpoints().size(); i++) {
            checkEndpoint(container.endpoints().get(i), where + "/endpoints(" + i + ")");
        }
        container.image().flatMap(PodContainer.Image::pullConfigSecret)
                .ifPresent(secret -> checkPullConfig(secret, where + "/image/pullConfig"));
        container.healthCheck().ifPresent(check -> {
            require(check.timeoutSeconds() < check.intervalSeconds(),
                    where + "/healthCheck/timeoutSeconds", "got " + check.timeoutSeconds()
                            + ", expected less than " + check.intervalSeconds());
            checkProbe(check.probe(), container, where + "/healthCheck");
        });
        container.check()
                .ifPresent(check -> checkProbe(check.probe(), container, where + "/check"));
        Set<String> volumes = new HashSet<>();
        pod.volumes().forEach(volume -> volumes.add(volume.name()));
        for (int i = 0; i < container.volumeMounts().size(); i++) {
            require(volumes.contains(container.volumeMounts().get(i).name()),
                    where + "/volumeMounts(" + i + ")/name",
                    "Referenced Volume in VolumeMount should exist");
        }
        common.checkSeccomp(container.linuxInfo(), where);
        common.checkIpc(container.linuxInfo(), where);
    }

    private void checkPullConfig(String secret, String where) {
        if (!settings.has(ServerSettings.SECRETS)) {
            violations.add(where, "must be empty");
            violations.add(where, CanonicalRules.featureOff(ServerSettings.SECRETS));
        }
        require(pod.secrets().containsKey(secret), where,
                "pullConfig.secret must refer to an existing secret");
    }

    private void checkProbe(PodProbe probe, PodContainer container, String where) {
        switch (probe) {
            case PodProbe.Http http ->
                checkReached(http.endpoint(), container, where + "/http/endpoint");
            case PodProbe.Tcp tcp ->
                checkReached(tcp.endpoint(), container, where + "/tcp/endpoint");
            case PodProbe.Exec exec -> {
            }
        }
    }

    private void checkReached(String endpoint, PodContainer container, String where) {
        require(container.endpoints().stream().anyMatch(one -> one.name().equals(endpoint)), where,
                "contained in the container endpoints");
    }

    // ------------------------------------------------------------ endpoints

    private void checkEndpoint(PodContainer.Endpoint endpoint, String where) {
        boolean host = has(Network.Mode.HOST);
        boolean container = has(Network.Mode.CONTAINER);
        require(!host || endpoint.containerPort().isEmpty(), where + "/containerPort",
                "is not allowed when using host-mode networking");
        require(!container || endpoint.containerPort().isPresent(), where + "/containerPort",
                "is required when using container-mode networking");
        require(new HashSet<>(endpoint.protocol()).size() == endpoint.protocol().size(),
                where + "/protocol",
                "Duplicate protocols within the same endpoint are not allowed");
        Set<String> names = new TreeSet<>();
        pod.networks().forEach(network -> network.name().ifPresent(names::add));
        List<String> wanted = endpoint.networkNames();
        for (int i = 0; i < wanted.size(); i++) {
            require(names.contains(wanted.get(i)), where + "/networkNames(" + i + ")",
                    "is not one of (" + String.join(",", names) + ")");
        }
        require(names.size() < 2 || endpoint.hostPort().isEmpty() || wanted.size() == 1, where,
                "networkNames must be a single item list when hostPort is specified and more than"
                        + " 1 container network is defined");
    }

    private boolean has(Network.Mode mode) {
        return pod.networks().stream().anyMatch(network -> network.mode() == mode);
    }

    private void checkEndpointsTogether() {
        List<PodContainer.Endpoint> all = pod.containers().stream()
                .flatMap(container -> container.endpoints().stream()).toList();
        // The misspelling is Marathon's; its clients compare.
        requireUnique(all.stream().map(PodContainer.Endpoint::name), "",
                "endpoint names nust be unique across all containers");
        requireUnique(all.stream().flatMapToInt(endpoint -> endpoint.containerPort().stream())
                .filter(port -> port != 0).boxed(), "",
                "container ports must be unique across all containers");
        requireUnique(pod.hostPorts().stream().filter(port -> port != 0), "",
                "host ports must be unique across all containers");
    }

    // ------------------------------------------------------------ residency

    private void checkResidency() {
        if (!pod.isResident()) {
            return;
        }
        require(!pod.placement().role().equals("*"), "/role",
                "Resident pods cannot have the role *");
        double over = pod.rollout().upgrade().maximumOverCapacity();
        require(over <= 0, "/upgrade/maximumOverCapacity", "got " + over + ", expected 0.0");
        require(pod.rollout().unreachable() instanceof Rollout.UnreachableStrategy.Disabled, "",
                "unreachableStrategy must be disabled for pods with persistent volumes");
        List<String> accepted = pod.placement().acceptedResourceRoles();
        require(accepted.isEmpty() || accepted.equals(List.of("*")), "/acceptedResourceRoles",
                "A resident pod must have `acceptedResourceRoles = [\"*\"]`.");
    }
}
