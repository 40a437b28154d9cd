package io.springtide.master.config;

import io.springtide.api.marathon.ServerSettings;
import io.springtide.core.CoreSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an operator may set about a master.
 *
 * @param listen where clients speak Marathon's dialect
 * @param agentListen where agents connect
 * @param advertise where other machines reach {@code listen}
 * @param agentAdvertise where other machines reach {@code agentListen}
 * @param store where the facts are kept, as an operator writes it
 * @param insecureBind whether addresses other than loopback are allowed, though nobody is asked who he is
 * @param agentTimes how long agents may be silent, and how many of them
 * @param launchTimeout an instance that does not get to run for so long is replaced
 * @param dialect what the rules for definitions depend on
 * @param prometheus who answers the queries of autoscaling policies
 * @param traffic what load balancers the leader drives
 * @param nodes pools of machines that the leader orders
 */
public record MasterConfig(HostPort listen, HostPort agentListen, HostPort advertise,
        HostPort agentAdvertise, String store, boolean insecureBind,
        AgentTimes agentTimes, Duration launchTimeout, ServerSettings dialect,
        Optional<PrometheusSetting> prometheus, List<DriverSetting> traffic,
        List<NodesSetting> nodes) {

    /** Marathon's defaults; GPUs are nothing special here. */
    public static final ServerSettings PLAIN_DIALECT = new ServerSettings(
            Set.of(ServerSettings.GPU_RESOURCES), ServerSettings.DEFAULTS.mesosRole(),
            ServerSettings.DEFAULTS.defaultNetworkName());

    public MasterConfig {
        traffic = List.copyOf(traffic);
        nodes = List.copyOf(nodes);
        refuseOpenDoor(listen, insecureBind, "--listen");
        refuseOpenDoor(agentListen, insecureBind, "--agent-listen");
        if (!launchTimeout.isPositive()) {
            throw new IllegalArgumentException("times must be above zero, e.g. 5s");
        }
    }

    /** On addresses that all can reach, with Marathon's rules as they are if nothing is said, and GPUs. */
    public MasterConfig(HostPort listen, HostPort agentListen, String store, boolean insecureBind,
            Duration agentUnreachableAfter, Duration launchTimeout) {
        this(listen, agentListen, listen, agentListen, store, insecureBind,
                AgentTimes.unreachableAfter(agentUnreachableAfter),
                launchTimeout, PLAIN_DIALECT, Optional.empty(), DriverSetting.USUAL, List.of());
    }

    /** With the usual driver of traffic, and nobody who answers queries. */
    public MasterConfig(HostPort listen, HostPort agentListen, HostPort advertise,
            HostPort agentAdvertise, String store, boolean insecureBind, AgentTimes agentTimes,
            Duration launchTimeout, ServerSettings dialect) {
        this(listen, agentListen, advertise, agentAdvertise, store, insecureBind, agentTimes,
                launchTimeout, dialect, Optional.empty(), DriverSetting.USUAL, List.of());
    }

    /** The same master in another place, where nobody finds it. */
    public MasterConfig rehearsed(HostPort anyPort, String emptyStore) {
        return new MasterConfig(anyPort, anyPort, anyPort, anyPort, emptyStore, false, agentTimes,
                launchTimeout, dialect, Optional.empty(), List.of(), List.of());
    }

    /** What the core is set to by this. */
    public CoreSettings core() {
        return agentTimes.in(new CoreSettings(CoreSettings.DEFAULT.agentUnreachableAfterMs(),
                CoreSettings.DEFAULT.agentRemovedAfterMs(), launchTimeout.toMillis(),
                CoreSettings.DEFAULT.servicePortFirst(), CoreSettings.DEFAULT.servicePortLast()));
    }

    /** The options by name, as an operator would write them. */
    public Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("listen", listen.toString());
        flags.put("agent-listen", agentListen.toString());
        flags.put("advertise", advertise.toString());
        flags.put("agent-advertise", agentAdvertise.toString());
        flags.put("store", store);
        flags.put("insecure-bind", Boolean.toString(insecureBind));
        agentTimes.flags(flags);
        flags.put("launch-timeout", launchTimeout.toMillis() + "ms");
        flags.put("role", dialect.mesosRole());
        dialect.defaultNetworkName()
                .ifPresent(name -> flags.put("default-network-name", name));
        flags.put("enable-features", String.join(",", dialect.features()));
        prometheus.ifPresent(setting -> {
            flags.put("prometheus", setting.address().toString());
            setting.tokenFile().ifPresent(
                    file -> flags.put("prometheus-token-file", file.toString()));
        });
        flags.put("traffic", traffic.isEmpty()
                ? "none"
                : traffic.stream().map(DriverSetting::written).collect(Collectors.joining(",")));
        if (!nodes.isEmpty()) {
            flags.put("nodes", nodes.stream().map(NodesSetting::written)
                    .collect(Collectors.joining(",")));
        }
        return flags;
    }

    private static void refuseOpenDoor(HostPort address, boolean insecureBind, String option) {
        if (!insecureBind && !address.loopback()) {
            throw new IllegalArgumentException(option + " " + address
                    + " can be reached from other machines, and"
                    + " there is no authentication: use a loopback address such as 127.0.0.1, or add"
                    + " --insecure-bind if a firewall or proxy in front keeps strangers out");
        }
    }
}
