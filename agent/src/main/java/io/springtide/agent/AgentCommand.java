package io.springtide.agent;

import io.springtide.agent.checkpoint.CheckpointException;
import io.springtide.agent.engine.StartLimits;
import io.springtide.agent.link.MasterAddress;
import io.springtide.agent.runtime.process.ProcessOptions;
import io.springtide.api.agent.PortRange;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The agent's command line. Ends with 78 if what it was told cannot work, as sysexits.h has it. */
@Command(name = "tide agent", description = AgentCommand.ABOUT, mixinStandardHelpOptions = true)
public final class AgentCommand implements Callable<Integer> {

    static final String ABOUT = "Runs tasks on this machine for a Springtide master.";
    /** EX_CONFIG. */
    public static final int EXIT_CONFIG = 78;
    private static final int EXIT_FAILED = 1;
    private static final Logger LOG = LoggerFactory.getLogger(AgentCommand.class);
    private static final long STOP_GRACE_MS = 2_000;
    private static final int STARTS_MAX = 100_000;
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kKmMgG]?)(i?[bB])?");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it in
    private CommandSpec spec;

    @Option(names = "--master", required = true, split = ",",
            description = "Agent gateways, host:port.")
    private List<String> masters = List.of();

    @Option(names = "--data", required = true, description = "The agent's own folder.")
    private Path data = Path.of("");

    @Option(names = "--id", defaultValue = "", description = "Name; drawn once if not given.")
    private String id = "";

    @Option(names = "--hostname", defaultValue = "", description = "Under which tasks are reached.")
    private String hostname = "";

    @Option(names = "--region", defaultValue = "default",
            description = "Where the site is (default: ${DEFAULT-VALUE})")
    private String region = "";

    @Option(names = "--site", defaultValue = "default",
            description = "The data centre (default: ${DEFAULT-VALUE})")
    private String site = "";

    @Option(names = "--rack", defaultValue = "", description = "Failure domain in the site.")
    private String rack = "";

    @Option(names = "--attributes", defaultValue = "", description = "For constraints: k:v;k:v")
    private String attributes = "";

    @Option(names = "--attribute", paramLabel = "KEY=VALUE",
            description = "For constraints; may be repeated.")
    private List<String> attribute = new ArrayList<>();

    @Option(names = "--reserve", paramLabel = "ROLE:cpus=N,mem=MIB,disk=MIB,gpus=N",
            description = "Only for apps of this role; may be repeated.")
    private List<String> reservations = new ArrayList<>();

    @Option(names = "--cpus", description = "Default: all of the machine.")
    private Optional<Double> cpus = Optional.empty();

    @Option(names = "--mem", description = "MiB; default: all but 1 GiB, or half.")
    private Optional<Long> mem = Optional.empty();

    @Option(names = "--disk", description = "MiB; default: what is free but 5 GiB, or half.")
    private Optional<Long> disk = Optional.empty();

    @Option(names = "--gpus", defaultValue = "0",
            description = "How many there are (default: ${DEFAULT-VALUE})")
    private int gpus;

    @Option(names = "--ports", split = ",", defaultValue = "31000-32000",
            description = "For tasks (default: ${DEFAULT-VALUE})")
    private List<String> ports = List.of();

    @Option(names = "--runtime", description = "process or docker; may be repeated.")
    private List<String> runtimes = new ArrayList<>();

    @Option(names = "--log-rotate-size", defaultValue = "10MiB",
            description = "Of a task's log (default: ${DEFAULT-VALUE})")
    private String logRotateSize = "";

    @Option(names = "--log-rotate-keep", defaultValue = "2",
            description = "Old logs per stream (default: ${DEFAULT-VALUE})")
    private int logRotateKeep;

    @Option(names = "--cgroups", arity = "0..1", paramLabel = "HOW", defaultValue = "shared",
            fallbackValue = "limits",
            description = "Control groups of processes: shared, one for all,"
                    + " so that they do not drown the agent (default); limits, one for each, which holds"
                    + " it to its memory and processors (also without HOW); off.")
    private String cgroups = "";

    @Option(names = "--starts-per-second", paramLabel = "N",
            description = "Instances started a second at most (default: 50 for each processor).")
    private Optional<Integer> startsPerSecond = Optional.empty();

    @Option(names = "--starts-burst", paramLabel = "N",
            description = "Started at once after a quiet time (default: 50 for each processor, 100 at"
                    + " least, and no more than --starts-per-second if that is given).")
    private Optional<Integer> startsBurst = Optional.empty();

    @Option(names = "--insecure-connect",
            description = "Allow masters on other machines, in plain text.")
    private boolean insecureConnect;

    @Option(names = "--stop-tasks-on-exit", description = "On SIGTERM end all tasks, too.")
    private boolean stopTasksOnExit;

    @Override
    public Integer call() {
        Agent agent;
        try {
            agent = Agent.start(config());
        } catch (ConfigException | CheckpointException e) {
            spec.commandLine().getErr().println("agent: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return EXIT_CONFIG;
        }
        java.lang.Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("agent-end").unstarted(() -> {
                    if (stopTasksOnExit) {
                        agent.stopTasks(STOP_GRACE_MS);
                    }
                    agent.close();
                }));
        try {
            agent.failure().get();
            return 0;
        } catch (ExecutionException e) {
            LOG.error("agent.failed reason=\"{}\"", String.valueOf(e.getCause()));
            return EXIT_FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return EXIT_FAILED;
        }
    }

    /**
     * What the options say.
     *
     * @throws ConfigException if it makes no sense
     */
    AgentConfig config() {
        List<MasterAddress> addresses = masters.stream().map(AgentCommand::address).toList();
        boolean local = addresses.stream().allMatch(MasterAddress::loopback);
        require(!addresses.isEmpty(), "--master names no master");
        require(local || insecureConnect, "--master " + String.join(",", masters)
                + " is not on this machine, and the"
                + " connection would be neither encrypted nor authenticated; add --insecure-connect if the network"
                + " between is trusted");
        require(id.isEmpty() || id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}"),
                "--id " + id + " may hold letters, digits, '.', '_' and '-' only, 63 at most");
        require(logRotateKeep >= 0 && logRotateKeep <= 100, "--log-rotate-keep must be 0 to 100");
        Resources resources = resources();
        return new AgentConfig(addresses, data, id, hostname.isEmpty() ? ownName(local) : hostname,
                new AgentConfig.Placement(region, site, rack, allAttributes()),
                resources, Reservations.parse(reservations, resources),
                ports.stream().map(AgentCommand::range).toList(), kinds(),
                new ProcessOptions(bytes(logRotateSize), logRotateKeep, groups(),
                        ProcessOptions.STANDARD.sweepMs()),
                AgentConfig.SANDBOXES_ENDED_MAX, starts());
    }

    private ProcessOptions.Groups groups() {
        return switch (cgroups) {
            case "shared" -> ProcessOptions.Groups.SHARED;
            case "limits" -> ProcessOptions.Groups.LIMITS;
            case "off" -> ProcessOptions.Groups.OFF;
            default -> throw new ConfigException(
                    "--cgroups " + cgroups + " must be shared, limits or off");
        };
    }

    private StartLimits starts() {
        StartLimits usual = StartLimits
                .of(java.lang.Runtime.getRuntime().availableProcessors());
        int perSecond = startsPerSecond.orElse(usual.perSecond());
        // Who asks for less a second does not want a hundred at once.
        int burst = startsBurst.orElse(startsPerSecond
                .map(n -> Math.max(1, Math.min(n, usual.burst()))).orElse(usual.burst()));
        require(perSecond >= 1 && perSecond <= STARTS_MAX,
                "--starts-per-second must be 1 to " + STARTS_MAX);
        require(burst >= 1 && burst <= STARTS_MAX,
                "--starts-burst must be 1 to " + STARTS_MAX);
        return new StartLimits(perSecond, burst, usual.coldMax());
    }

    private static void require(boolean good, String message) {
        if (!good) {
            throw new ConfigException(message);
        }
    }

    private static MasterAddress address(String text) {
        try {
            return MasterAddress.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--master: " + e.getMessage());
        }
    }

    private static String ownName(boolean local) {
        if (local) {
            return "127.0.0.1";
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new ConfigException(
                    "this machine does not know its own name; give it with --hostname");
        }
    }

    private Map<String, String> allAttributes() {
        Map<String, String> all = parseAttributes(attributes);
        for (String pair : attribute) {
            int equals = pair.indexOf('=');
            require(equals > 0 && !pair.substring(0, equals).isBlank(),
                    "--attribute " + pair + " is not KEY=VALUE");
            all.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
        }
        return all;
    }

    static Map<String, String> parseAttributes(String text) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String pair : text.split(";", -1)) {
            int colon = pair.indexOf(':');
            if (!pair.isBlank()) {
                require(colon > 0, "--attributes: \"" + pair + "\" is not key:value");
                all.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
            }
        }
        return all;
    }

    private static PortRange range(String text) {
        String[] ends = text.strip().split("-", 2);
        require(text.strip().matches("[0-9]{1,5}(-[0-9]{1,5})?"),
                "--ports: \"" + text + "\" is not FIRST-LAST");
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[ends.length - 1]);
        require(first >= 1 && first <= last && last <= 65535,
                "--ports: \"" + text + "\" is not a range of ports");
        return PortRange.newBuilder().setFirst(first).setLast(last).build();
    }

    private List<Runtime> kinds() {
        List<String> names = runtimes.isEmpty() ? List.of("process") : runtimes;
        return names.stream().map(name -> switch (name.toLowerCase(Locale.ROOT)) {
            case "process" -> Runtime.PROCESS;
            case "docker" -> Runtime.DOCKER;
            default ->
                throw new ConfigException("--runtime " + name + " is neither process nor docker");
        }).distinct().toList();
    }

    static long bytes(String text) {
        Matcher size = SIZE.matcher(text);
        require(size.matches(), "--log-rotate-size: \"" + text + "\" is not a size such as 10MiB");
        String unit = String.valueOf(size.group(2)).toLowerCase(Locale.ROOT);
        int shift = unit.equals("k") ? 10 : unit.equals("m") ? 20 : unit.equals("g") ? 30 : 0;
        long bytes = Long.parseLong(String.valueOf(size.group(1)));
        require(bytes > 0 && bytes <= Long.MAX_VALUE >> shift,
                "--log-rotate-size must be larger than 0");
        return bytes << shift;
    }

    private Resources resources() {
        double cpusWanted = cpus
                .orElseGet(() -> (double) java.lang.Runtime.getRuntime().availableProcessors());
        require(cpusWanted > 0 && cpusWanted <= 100_000, "--cpus must be larger than 0");
        long memMib = mem.orElseGet(Machine::memMib);
        long diskMib = disk.orElseGet(() -> Machine.diskMib(data));
        require(memMib >= 0 && diskMib >= 0 && gpus >= 0,
                "--mem, --disk and --gpus cannot be negative");
        return Resources.newBuilder().setCpusMilli(Math.round(cpusWanted * 1000)).setMemMib(memMib)
                .setDiskMib(diskMib).setGpus(gpus).build();
    }
}
