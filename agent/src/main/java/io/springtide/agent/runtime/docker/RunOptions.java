package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.Volume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The {@code parameters} of an app's container: options of {@code docker run} by their long names.
 *
 * <p>Options that would take something out of the scheduler's hands are refused, each with the field
 * of the app that is meant for it.
 */
final class RunOptions {

    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("restart", "the scheduler restarts instances, see backoffSeconds"),
            Map.entry("rm", "the agent removes containers when their end is acknowledged"),
            Map.entry("name", "the container is named after the task"),
            Map.entry("detach", "every container is detached"),
            Map.entry("net", "use the field 'networks'"),
            Map.entry("network", "use the field 'networks'"),
            Map.entry("publish", "use 'container.portMappings'"),
            Map.entry("publish-all", "use 'container.portMappings'"),
            Map.entry("memory", "use the field 'mem'"),
            Map.entry("cpus", "use 'resourceLimits.cpus'"),
            Map.entry("cpu-shares", "use the field 'cpus'"),
            Map.entry("privileged", "use 'container.docker.privileged'"));

    private final Map<String, BiConsumer<RunOptions, String>> known = new TreeMap<>();
    private final HostConfig host;
    private final CreateContainerCmd create;
    private final List<Capability> capAdd = new ArrayList<>();
    private final List<Capability> capDrop = new ArrayList<>();
    private final List<String> extraHosts = new ArrayList<>();
    private final List<String> dns = new ArrayList<>();
    private final List<String> dnsSearch = new ArrayList<>();
    private final List<String> aliases = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private final List<String> securityOpts = new ArrayList<>();
    private final List<Ulimit> ulimits = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final Map<String, String> tmpfs = new HashMap<>();
    private final Map<String, String> sysctls = new HashMap<>();
    private final Map<String, String> logOpts = new HashMap<>();
    private String logDriver = "";

    // What the rest of the request shares with the options.
    final List<String> environment = new ArrayList<>();
    final Map<String, String> labels = new HashMap<>();
    final List<Bind> binds = new ArrayList<>();
    final List<Volume> volumes = new ArrayList<>();
    String entrypoint = "";

    RunOptions(CreateContainerCmd create, HostConfig host) {
        this.create = create;
        this.host = host;
        registerLists();
        registerSingles();
    }

    private void registerLists() {
        known.put("add-host", (o, v) -> o.extraHosts.add(v));
        known.put("cap-add", (o, v) -> o.capAdd.add(capability(v)));
        known.put("cap-drop", (o, v) -> o.capDrop.add(capability(v)));
        known.put("device", (o, v) -> o.devices.add(Device.parse(v)));
        known.put("dns", (o, v) -> o.dns.add(v));
        known.put("dns-search", (o, v) -> o.dnsSearch.add(v));
        known.put("env", (o, v) -> {
            // Without a value docker run would take one from its own environment; there is none here.
            if (v.indexOf('=') < 1) {
                throw new IllegalArgumentException("write NAME=value");
            }
            o.environment.add(v);
        });
        known.put("group-add", (o, v) -> o.groups.add(v));
        known.put("label", (o, v) -> putPair(o.labels, v));
        known.put("log-opt", (o, v) -> putPair(o.logOpts, v));
        known.put("network-alias", (o, v) -> o.aliases.add(v));
        known.put("security-opt", (o, v) -> o.securityOpts.add(v));
        known.put("sysctl", (o, v) -> putPair(o.sysctls, v));
        known.put("tmpfs", (o, v) -> {
            int at = v.indexOf(':');
            o.tmpfs.put(at < 0 ? v : v.substring(0, at), at < 0 ? "" : v.substring(at + 1));
        });
        known.put("ulimit", (o, v) -> o.ulimits.add(ulimit(v)));
        known.put("volume", (o, v) -> {
            if (v.indexOf(':') < 0) {
                o.volumes.add(new Volume(v));
            } else {
                o.binds.add(Bind.parse(v));
            }
        });
    }

    private void registerSingles() {
        known.put("cpuset-cpus", (o, v) -> o.host.withCpusetCpus(v));
        known.put("domainname", (o, v) -> o.create.withDomainName(v));
        known.put("entrypoint", (o, v) -> o.entrypoint = v);
        known.put("hostname", (o, v) -> o.create.withHostName(v));
        known.put("init", (o, v) -> o.host.withInit(flag(v)));
        known.put("ipc", (o, v) -> o.host.withIpcMode(v));
        known.put("log-driver", (o, v) -> o.logDriver = v);
        known.put("mac-address", (o, v) -> o.create.withMacAddress(v));
        known.put("memory-reservation", (o, v) -> o.host.withMemoryReservation(bytes(v)));
        known.put("memory-swap",
                (o, v) -> o.host.withMemorySwap(
                        v.equals("-1") ? Long.valueOf(-1) : Long.valueOf(bytes(v))));
        known.put("oom-score-adj", (o, v) -> o.host.withOomScoreAdj(Integer.valueOf(v)));
        known.put("pid", (o, v) -> o.host.withPidMode(v));
        known.put("pids-limit", (o, v) -> o.host.withPidsLimit(Long.valueOf(v)));
        known.put("read-only", (o, v) -> o.host.withReadonlyRootfs(flag(v)));
        known.put("runtime", (o, v) -> o.host.withRuntime(v));
        known.put("shm-size", (o, v) -> o.host.withShmSize(bytes(v)));
        known.put("stop-signal", (o, v) -> o.create.withStopSignal(v));
        known.put("user", (o, v) -> o.create.withUser(v));
        known.put("userns", (o, v) -> o.host.withUsernsMode(v));
        known.put("uts", (o, v) -> o.host.withUtSMode(v));
        known.put("workdir", (o, v) -> o.create.withWorkingDir(v));
    }

    /**
     * Takes one option.
     *
     * @throws CannotStartException if it is unknown, refused or malformed
     */
    void take(String key, String value) {
        String name = key.startsWith("--") ? key.substring(2) : key;
        String instead = REFUSED.get(name);
        if (instead != null) {
            throw new CannotStartException(
                    "the docker parameter '" + name + "' is not allowed: " + instead + ".");
        }
        BiConsumer<RunOptions, String> option = known.get(name);
        if (option == null) {
            throw new CannotStartException("the docker parameter '" + name
                    + "' is not supported; supported are " + String.join(", ", known.keySet())
                    + ".");
        }
        try {
            option.accept(this, value);
        } catch (IllegalArgumentException | ArithmeticException e) {
            String why = e.getMessage() == null ? "see docker run --help" : e.getMessage();
            throw new CannotStartException(
                    "the docker parameter '" + name + "' has a value that cannot be read, '" + value
                            + "': " + why + ".");
        }
    }

    /** Writes what was collected into the request. */
    void finish(LogConfig logDefault) {
        host.withBinds(binds);
        host.withCapAdd(capAdd.toArray(Capability[]::new));
        host.withCapDrop(capDrop.toArray(Capability[]::new));
        host.withExtraHosts(extraHosts.toArray(String[]::new));
        host.withDevices(devices);
        host.withDns(dns);
        host.withDnsSearch(dnsSearch);
        host.withGroupAdd(groups);
        host.withSecurityOpts(securityOpts);
        host.withUlimits(ulimits);
        host.withTmpFs(tmpfs);
        host.withSysctls(sysctls);
        host.withLogConfig(logConfig(logDefault));
        create.withVolumes(volumes);
        create.withEnv(environment);
        if (!aliases.isEmpty()) {
            create.withAliases(aliases);
        }
    }

    private LogConfig logConfig(LogConfig logDefault) {
        if (logDriver.isEmpty()) {
            Map<String, String> merged = new HashMap<>(logDefault.getConfig());
            merged.putAll(logOpts);
            return new LogConfig(logDefault.getType(), merged);
        }
        LogConfig.LoggingType type = LogConfig.LoggingType.fromValue(logDriver);
        if (type == null) {
            throw new CannotStartException("the docker parameter 'log-driver' names '" + logDriver
                    + "', which is not one of Docker's own log drivers.");
        }
        return new LogConfig(type, logOpts);
    }

    private static void putPair(Map<String, String> pairs, String value) {
        int at = value.indexOf('=');
        pairs.put(at < 0 ? value : value.substring(0, at), at < 0 ? "" : value.substring(at + 1));
    }

    private static Capability capability(String value) {
        String name = value.toUpperCase(Locale.ROOT);
        return Capability.valueOf(name.startsWith("CAP_") ? name.substring(4) : name);
    }

    private static Ulimit ulimit(String value) {
        int equals = value.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("write name=soft[:hard]");
        }
        String limits = value.substring(equals + 1);
        int colon = limits.indexOf(':');
        long soft = Long.parseLong(colon < 0 ? limits : limits.substring(0, colon));
        long hard = colon < 0 ? soft : Long.parseLong(limits.substring(colon + 1));
        return new Ulimit(value.substring(0, equals), soft, hard);
    }

    private static boolean flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "", "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException("write true or false");
        };
    }

    /** An amount of memory as docker run writes it: 512, 512b, 64k, 64m, 1g, each also with a b behind. */
    static long bytes(String value) {
        String text = value.trim().toLowerCase(Locale.ROOT);
        if (text.length() > 1 && text.endsWith("b")) {
            text = text.substring(0, text.length() - 1);
        }
        int shift = switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
        };
        String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
        if (digits.isEmpty() || digits.length() > 15
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "write a number of bytes, or one with k, m or g behind");
        }
        return Math.multiplyExact(Long.parseLong(digits), 1L << shift);
    }
}
