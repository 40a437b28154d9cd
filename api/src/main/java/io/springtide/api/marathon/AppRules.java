package io.springtide.api.marathon;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fourth phase: what must hold between the fields of an app. */
final class AppRules {

    private static final int PORT_MAX = 65_535;

    private final App app;
    private final String path;
    private final ServerSettings settings;
    private final Violations violations;

    AppRules(App app, String path, ServerSettings settings, Violations violations) {
        this.app = app;
        this.path = path;
        this.settings = settings;
        this.violations = violations;
    }

    void check() {
        require(!app.id().isRoot(), "/id", "Path must contain at least one path element");
        require(!app.id().isReserved(), "/id",
                "must not end with any of the following reserved keywords: restart, tasks, versions, ., ..");
        checkLaunch();
        checkSecrets();
        checkResources();
        checkNetworks();
        checkPorts();
        checkVolumeNames();
        checkLinuxInfo();
        new CheckRules(app, path, violations).check();
        checkLabels();
        checkRoles();
        checkTerms();
        new RolloutRules(app, path, violations).check();
        checkResidency();
        if (app.rollout()
                .unreachable() instanceof Rollout.UnreachableStrategy.After(int inactive, int expunge)) {
            require(inactive <= expunge, "/unreachableStrategy/inactiveAfterSeconds",
                    "inactiveAfterSeconds (" + inactive
                            + ") must be less or equal to expungeAfterSeconds, which is "
                            + expunge);
        }
    }

    private void require(boolean rule, String where, String error) {
        violations.require(rule, path + where, error);
    }

    private void checkLaunch() {
        Launch launch = app.launch();
        boolean cmd = launch.cmd().isPresent();
        boolean args = !launch.args().isEmpty();
        boolean image = app.container().flatMap(Container::docker).isPresent();
        require(cmd ? !args : args || image, "",
                "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
        // Marathon's rule is off by one, and its clients are tested against it.
        require(launch.cmd().isEmpty() || launch.cmd().get().length() > 1, "",
                "must not be an empty string");
        List<Fetch> fetch = launch.fetch();
        for (int i = 0; i < fetch.size(); i++) {
            require(isUri(fetch.get(i).uri()), "/fetch(" + i + ")/uri", "URI has invalid syntax.");
        }
    }

    private static boolean isUri(String text) {
        try {
            return !new URI(text).toString().isEmpty();
        } catch (URISyntaxException ignored) {
            return false;
        }
    }

    private void checkSecrets() {
        boolean on = settings.has(ServerSettings.SECRETS);
        Map<String, Secret> secrets = app.launch().secrets();
        require(on || secrets.isEmpty(), "/secrets",
                CanonicalRules.featureOff(ServerSettings.SECRETS));
        int key = 0;
        for (Map.Entry<String, EnvValue> entry : app.launch().env().entrySet()) {
            require(!entry.getKey().isEmpty(), "/env/keys(" + key + ")", "must not be empty");
            if (entry.getValue() instanceof EnvValue.SecretRef(String secret)) {
                require(on, "/env",
                        "use of secret-references in the environment requires the secrets feature"
                                + " to be enabled");
                require(secrets.containsKey(secret), "/env/" + entry.getKey() + "/secret",
                        "references an undefined secret");
            }
            key++;
        }
    }

    private void checkResources() {
        Resources resources = app.resources();
        if (resources.gpus() > 0) {
            require(settings.has(ServerSettings.GPU_RESOURCES), "",
                    CanonicalRules.featureOff(ServerSettings.GPU_RESOURCES));
            require(!app.isDocker(), "", "GPU resources only work with the Mesos containerizer");
        }
        Optional<Resources.Limits> limits = resources.limits();
        if (limits.isPresent()) {
            checkLimit(limits.get().cpus(), resources.cpus(), "/resourceLimits/cpus");
            checkLimit(limits.get().memMib(), resources.memMib(), "/resourceLimits/mem");
        }
    }

    private void checkLimit(Optional<Resources.Limit> limit, double requested, String where) {
        if (limit.isPresent() && limit.get() instanceof Resources.Limit.AtMost(double amount)) {
            require(amount >= requested, where,
                    "resource limit must be greater than or equal to requested resource ("
                            + requested + ")");
        }
    }

    private void checkNetworks() {
        List<Network> networks = app.networking().networks();
        int container = 0;
        for (Network network : networks) {
            switch (network.mode()) {
                case HOST ->
                    require(network.name().isEmpty() && network.labels().isEmpty(), "/networks",
                            "Host networks may not have names or labels");
                case BRIDGE -> require(network.name().isEmpty(), "/networks",
                        "Bridge networks may not have names");
                case CONTAINER -> {
                    container++;
                    require(network.name().isPresent(), "/networks",
                            "Network name must be specified when container network is selected.");
                }
            }
        }
        long distinct = networks.stream().map(n -> n.mode() + ":" + n.name().orElse("")).distinct()
                .count();
        require(distinct == networks.size(), "/networks", "Duplicate networks are not allowed");
        require(networks.size() == 1 || container == networks.size(), "/networks",
                "May specify a single host network, single bridge network, or else 1-to-n container networks");
        require(container < 2 || !app.isDocker(), "",
                "may only specify a single container network when using the Docker container engine");
    }

    private void checkPorts() {
        List<PortDefinition> definitions = app.networking().portDefinitions();
        requireUnique(definitions.stream().flatMap(p -> p.name().stream()), "/portDefinitions",
                "Port names must be unique.");
        requireUnique(definitions.stream().map(PortDefinition::port).filter(port -> port != 0),
                "/portDefinitions", "Ports must be unique.");
        for (int i = 0; i < definitions.size(); i++) {
            // Only the old field "ports" gets here with numbers that its shape did not check.
            int port = definitions.get(i).port();
            require(port >= 0 && port <= PORT_MAX, "/portDefinitions(" + i + ")/port",
                    "got " + port + ", expected between 0 and " + PORT_MAX);
        }
        List<PortMapping> mappings = app.container().map(Container::portMappings).orElse(List.of());
        requireUnique(mappings.stream().flatMap(p -> p.name().stream()), "/container/portMappings",
                "Port names must be unique.");
        Set<String> names = app.networking().networks().stream().flatMap(n -> n.name().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        String known = String.join(",", names);
        for (int i = 0; i < mappings.size(); i++) {
            PortMapping mapping = mappings.get(i);
            String where = "/container/portMappings(" + i + ")";
            require(mapping.hostPort().isEmpty() || names.size() < 2
                    || mapping.networkNames().size() == 1,
                    where,
                    "networkNames must be a single item list when hostPort is specified and more than"
                            + " 1 container network is defined");
            List<String> wanted = mapping.networkNames();
            for (int j = 0; j < wanted.size(); j++) {
                require(names.contains(wanted.get(j)), where + "/networkNames(" + j + ")",
                        "is not one of (" + known + ")");
            }
        }
    }

    private void requireUnique(Stream<?> values, String where, String error) {
        Set<Object> seen = new HashSet<>();
        require(values.allMatch(seen::add), where, error);
    }

    private void checkVolumeNames() {
        requireUnique(app.container().stream().flatMap(c -> c.volumes().stream())
                .filter(Volume.External.class::isInstance)
                .flatMap(v -> ((Volume.External) v).name().stream()), "/container/volumes",
                "Volume names must be unique");
    }

    private void checkLinuxInfo() {
        Optional<LinuxInfo> info = app.container().flatMap(Container::linuxInfo);
        info.flatMap(LinuxInfo::seccomp).ifPresent(seccomp -> {
            boolean profile = seccomp.profileName().isPresent();
            require(!profile || !seccomp.unconfined(), "/container/linuxInfo/seccomp",
                    "Seccomp unconfined can NOT be true when Profile is defined");
            require(profile || seccomp.unconfined(), "/container/linuxInfo/seccomp",
                    "Seccomp unconfined must be true when Profile is NOT defined");
        });
        info.flatMap(LinuxInfo::ipc).ifPresent(ipc -> require(
                ipc.mode() != LinuxInfo.IpcMode.SHARE_PARENT
                        || ipc.shmSizeMib().equals(OptionalInt.empty()),
                "/container/linuxInfo/ipcInfo",
                "ipcInfo shmSize can NOT be set when mode is SHARE_PARENT"));
    }

    private void checkLabels() {
        Rollout.UpgradeStrategy upgrade = app.rollout().upgrade();
        if (app.isSingleInstance()) {
            require(app.instances() <= 1, "", "Single instance app may only have one instance");
            requireNought(upgrade.minimumHealthCapacity(),
                    "/upgradeStrategy/minimumHealthCapacity");
        }
        if (app.isSingleInstance() || app.isResident()) {
            requireNought(upgrade.maximumOverCapacity(), "/upgradeStrategy/maximumOverCapacity");
        }
        Map<String, String> labels = app.labels();
        require(!labels.containsKey("DCOS_MIGRATION_API_VERSION")
                || (labels.containsKey("DCOS_PACKAGE_FRAMEWORK_NAME")
                        && labels.containsKey("DCOS_MIGRATION_API_PATH")),
                "",
                "DCOS_PACKAGE_FRAMEWORK_NAME and DCOS_MIGRATION_API_PATH must be defined when using"
                        + " DCOS_MIGRATION_API_VERSION");
    }

    private void requireNought(double value, String where) {
        require(value <= 0, where, "got " + value + ", expected 0.0");
    }

    private void checkRoles() {
        String role = app.placement().role();
        List<String> known = new ArrayList<>(List.of(settings.mesosRole()));
        app.id().topGroup().filter(group -> !known.contains(group)).ifPresent(known::add);
        require(known.contains(role), "/role",
                "got " + role + ", expected one of: [" + String.join(", ", known) + "]");
        List<String> accepted = app.placement().acceptedResourceRoles();
        require(accepted.stream().allMatch(a -> a.equals("*") || a.equals(role)),
                "/acceptedResourceRoles", "acceptedResourceRoles can only contain *"
                        + (role.equals("*") ? "" : " and " + role));
        for (int i = 0; i < accepted.size(); i++) {
            String where = "/acceptedResourceRoles(" + i + ")";
            String name = accepted.get(i);
            require(!name.isEmpty(), where, "A role name must not be empty.");
            require(!name.equals(".") && !name.equals(".."), where,
                    "A role name must not be . or ..");
            require(!name.startsWith("-"), where, "A role name must not start with a dash.");
            require(name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isWhitespace(c)),
                    where,
                    "A role name must not contain slashes or white space.");
        }
    }

    private void checkTerms() {
        PlacementTerms terms = app.placement().terms();
        require(terms.gpuShare().isEmpty() || app.resources().gpus() == 0, "/placement/gpuShare",
                "goes without whole gpus: set 'gpus' to 0");
        require(terms.near().size() + terms.apart().size() <= PlacementTerms.NEIGHBOURS_MAX,
                "/placement/apart", "near and apart must not have more than "
                        + PlacementTerms.NEIGHBOURS_MAX + " items together");
    }

    private void checkResidency() {
        if (!app.isResident()) {
            return;
        }
        require(!app.placement().role().equals("*"), "/role",
                "Resident apps cannot have the role *");
        require(app.rollout().unreachable() instanceof Rollout.UnreachableStrategy.Disabled, "",
                "unreachableStrategy must be disabled for resident tasks");
        require(app.placement().acceptedResourceRoles().equals(List.of("*")),
                "/acceptedResourceRoles",
                "A resident app must have `acceptedResourceRoles = [\"*\"]`.");
    }
}
