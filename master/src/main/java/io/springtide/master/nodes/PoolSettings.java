package io.springtide.master.nodes;

import io.springtide.cloud.spi.ProvisionRequest;
import io.springtide.cloud.spi.support.Settings;
import io.springtide.core.elasticity.MachinePool;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.master.config.NodesSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an operator says about one pool of machines.
 *
 * @param adapter name of the one that orders them
 * @param min so many are kept, whether they are needed or not
 * @param max more are never there
 * @param machine as the agent of each will describe itself, but for its names
 * @param idleMs a machine that nobody is on for so long is given back
 * @param waitMs what waits for less gets no machine: other tiers are faster
 * @param comingMs within this time the agent of a new machine must register
 * @param labels for the machines themselves
 * @param own settings of the adapter
 */
record PoolSettings(String name, String adapter, int min, int max, AgentSpec machine,
        String template, long idleMs, long waitMs, long comingMs, Map<String, String> labels,
        Map<String, String> own) {

    private static final String ATTRIBUTE = "attribute.";
    private static final String LABEL = "label.";
    private static final List<String> KNOWN = List.of("adapter", "min", "max", "cpus", "mem",
            "disk", "gpus", "region", "site", "rack", "template", "runtimes", "ports", "idle",
            "wait", "coming");
    /** So many are looked at each second, and listed by a program. */
    private static final int MACHINES_MAX = 1_000;
    private static final int SECONDS_MAX = 7 * 24 * 3_600;
    private static final int MIB_MAX = 100_000_000;
    private static final double MILLI = 1e3;

    PoolSettings {
        labels = Map.copyOf(labels);
        own = Map.copyOf(own);
    }

    /**
     * Reads what the operator wrote.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static PoolSettings of(NodesSetting written) {
        Map<String, String> pool = new TreeMap<>();
        Map<String, String> attributes = new TreeMap<>();
        Map<String, String> labels = new TreeMap<>();
        Map<String, String> own = new TreeMap<>();
        written.settings().forEach((name, value) -> {
            if (name.startsWith(ATTRIBUTE)) {
                attributes.put(name.substring(ATTRIBUTE.length()), value);
            } else if (name.startsWith(LABEL)) {
                labels.put(name.substring(LABEL.length()), value);
            } else if (KNOWN.contains(name)) {
                pool.put(name, value);
            } else {
                own.put(name, value);
            }
        });
        Settings settings = new Settings("--nodes " + written.written(), pool, KNOWN);
        settings.require(!attributes.containsKey(MachinePool.ATTRIBUTE),
                "attribute." + MachinePool.ATTRIBUTE + " is for the machine's own name");
        settings.needed("max");
        int max = settings.number("max", 0, 1, MACHINES_MAX);
        return new PoolSettings(written.name(), settings.text("adapter", "command"),
                settings.number("min", 0, 0, max), max, machine(settings, attributes),
                settings.text("template", ""), seconds(settings, "idle", 600),
                seconds(settings, "wait", 2), seconds(settings, "coming", 600), labels, own);
    }

    private static AgentSpec machine(Settings settings, Map<String, String> attributes) {
        String cpus = settings.needed("cpus");
        settings.require(
                cpus.matches("[0-9]{1,5}(\\.[0-9]{1,3})?") && Double.parseDouble(cpus) > 0,
                "cpus is a number above zero, e.g. 4 or 0.5, not '" + cpus + "'");
        settings.needed("mem");
        Resources resources = new Resources(Math.round(Double.parseDouble(cpus) * MILLI),
                settings.number("mem", 0, 1, MIB_MAX), settings.number("disk", 0, 0, MIB_MAX),
                settings.number("gpus", 0, 0, AgentSpec.GPUS_MAX));
        return new AgentSpec(new AgentId("a-machine-to-come"), 0, "", settings.text("region",
                "default"), settings.text("site", "default"), settings.text("rack", ""),
                AgentSpec.sorted(attributes), resources, ports(settings), runtimes(settings));
    }

    private static List<PortRange> ports(Settings settings) {
        List<PortRange> ranges = new ArrayList<>();
        for (String word : settings.words("ports", "31000-32000", ",")) {
            settings.require(word.matches("[0-9]{1,5}-[0-9]{1,5}"),
                    "ports is written as FIRST-LAST,..., not '" + word + "'");
            String[] ends = word.split("-", 2);
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[1]);
            settings.require(first > 0 && first <= last && last <= PortRange.PORT_MAX,
                    "ports " + word + " is no range");
            ranges.add(new PortRange(first, last));
        }
        return ranges;
    }

    private static int runtimes(Settings settings) {
        int mask = 0;
        for (String word : settings.words("runtimes", "process,docker", ",")) {
            settings.require(word.equals("process") || word.equals("docker"),
                    "runtimes are process, docker or both, not '" + word + "'");
            mask |= RuntimeKind.valueOf(word.toUpperCase(Locale.ROOT)).bit();
        }
        settings.require(mask != 0, "runtimes is empty");
        return mask;
    }

    private static long seconds(Settings settings, String name, int otherwise) {
        return 1_000L * settings.number(name, otherwise, 1, SECONDS_MAX);
    }

    /** The name of one of its machines, which its agent has to register with. */
    String token(int number) {
        return name + "-" + number;
    }

    /** Whether a machine is one of this pool's, by its token. */
    boolean owns(String token) {
        return token.startsWith(name + "-")
                && token.substring(name.length() + 1).matches("[1-9][0-9]{0,5}");
    }

    /** What to ask for one machine with. */
    ProvisionRequest request(String token, String clusterId) {
        Map<String, String> attributes = new TreeMap<>(machine.attributes());
        attributes.put(MachinePool.ATTRIBUTE, token);
        Map<String, String> all = new TreeMap<>(labels);
        all.putIfAbsent("springtide-cluster", clusterId);
        all.putIfAbsent("springtide-machine", token);
        Resources size = machine.resources();
        return new ProvisionRequest(token, clusterId, template,
                new ProvisionRequest.Size(size.cpusMilli(), size.memMib(), size.diskMib(),
                        size.gpus()),
                machine.site(), machine.rack(), attributes, all);
    }
}
