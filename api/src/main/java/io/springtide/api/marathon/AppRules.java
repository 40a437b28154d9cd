package io.springtide.api.marathon;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final CommonRules common;

    AppRules(App app, String path, ServerSettings settings, Violations violations) {
        this.app = app;
        this.path = path;
        this.settings = settings;
        this.violations = violations;
        this.common = new CommonRules(path, violations);
    }

    void check() {
        common.checkId(app.id());
        checkLaunch();
        checkSecrets();
        checkResources();
        checkNetworks();
        checkPorts();
        checkVolumeNames();
        checkLinuxInfo();
        new CheckRules(app, path, violations).check();
        checkLabels();
        common.checkRoles(app.id(), app.placement(), settings);
        checkTerms();
        new RolloutRules(app, path, violations).check();
        checkResidency();
        common.checkUnreachable(app.rollout(), "", app.launch().taskKillGracePeriodSeconds()
                .orElse(CommonRules.GRACE_SECONDS));
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
        common.checkLimits(resources, "");
    }

    private void checkNetworks() {
        List<Network> networks = app.networking().networks();
        common.checkNetworks(networks);
        require(networks.stream().filter(n -> n.mode() == Network.Mode.CONTAINER).count() < 2
                || !app.isDocker(), "",
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
        common.checkSeccomp(info, "/container");
        common.checkIpc(info, "/container");
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
