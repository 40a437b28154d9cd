package io.springtide.master.agents;

import io.springtide.api.agent.Register;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an agent says of itself, checked; or why it is not taken. */
sealed interface Registration {

    /**
     * It may be submitted.
     *
     * @param found instances of this cluster that run there with the agent's mark, and that it does not
     *     hold: what it has lost its notes of is not lost itself
     */
    record Accepted(AgentSpec agent, List<Long> held, List<Long> found, String version)
            implements
                Registration {

        public Accepted {
            held = List.copyOf(held);
            found = List.copyOf(found);
        }

        /** All that is there. */
        List<Long> there() {
            return Stream.concat(held.stream(), found.stream()).distinct().toList();
        }
    }

    /** A sentence for the agent's operator. */
    record Refusal(String why) implements Registration {}

    /** It belongs to another cluster. */
    record Foreign(String cluster, String why) implements Registration {}

    Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    int NAME_LENGTH_MAX = 255;
    int ATTRIBUTES_MAX = 256;
    int ATTRIBUTE_LENGTH_MAX = 1_024;
    int PORT_RANGES_MAX = 1_000;
    int RESERVATIONS_MAX = 100;

    /** Far above what one machine runs; bounds the command. */
    int HELD_MAX = 100_000;

    /**
     * Checks a registration.
     *
     * @param clusterId ours
     * @param epoch ours
     */
    static Registration read(Register register, String clusterId, long epoch) {
        if (Long.compareUnsigned(register.getEpochHighest(), epoch) > 0) {
            return new Refusal("a newer leader exists: this agent has seen epoch "
                    + Long.toUnsignedString(register.getEpochHighest())
                    + ", and this master has epoch " + Long.toUnsignedString(epoch)
                    + "; connect to the leader");
        }
        String cluster = register.getClusterId();
        if (!cluster.isEmpty() && !cluster.equals(clusterId)) {
            return new Foreign(shown(cluster), "this agent belongs to cluster " + shown(cluster)
                    + ", and this master leads cluster " + clusterId
                    + "; give the agent the address of its own cluster, or an empty data folder");
        }
        try {
            return accepted(register, clusterId);
        } catch (IllegalArgumentException wrong) {
            return new Refusal("the registration is not valid: " + wrong.getMessage());
        }
    }

    private static Accepted accepted(Register register, String clusterId) {
        name("agent_id", register.getAgentId(), 1);
        name("hostname", register.getHostname(), 1);
        name("region", register.getRegion(), 0);
        name("site", register.getSite(), 0);
        name("rack", register.getRack(), 0);
        name("version", register.getVersion(), 0);
        Map<String, String> attributes = register.getAttributesMap();
        require(attributes.size() <= ATTRIBUTES_MAX, "there are more than 256 attributes");
        attributes.forEach((key, value) -> {
            name("the name of an attribute", key, 1);
            text("attribute " + key, value, 0, ATTRIBUTE_LENGTH_MAX);
        });
        require(register.hasResources(), "resources are missing");
        require(register.getHeldCount() <= HELD_MAX, "it holds more than 100000 instances");
        var offered = register.getResources();
        Resources resources = new Resources(offered.getCpusMilli(), offered.getMemMib(),
                offered.getDiskMib(), offered.getGpus());
        return new Accepted(
                new AgentSpec(new AgentId(register.getAgentId()), register.getIncarnation(),
                        register.getHostname(), register.getRegion(), register.getSite(),
                        register.getRack(), AgentSpec.sorted(attributes), resources,
                        ports(register), runtimes(register))
                        .withReservations(reservations(register, resources)),
                register.getHeldList().stream().distinct().toList(),
                Looks.found(register.getFoundList(), clusterId), register.getVersion());
    }

    private static SortedMap<String, Resources> reservations(Register register, Resources total) {
        require(register.getReservationsCount() <= RESERVATIONS_MAX,
                "there are reservations for more than 100 roles");
        SortedMap<String, Resources> byRole = new TreeMap<>();
        long[] sums = new long[4];
        register.getReservationsMap().forEach((role, amount) -> {
            name("the role of a reservation", role, 1);
            require(!role.equals(Rules.ROLE_DEFAULT), "something is reserved for role *");
            Resources one = new Resources(amount.getCpusMilli(), amount.getMemMib(),
                    amount.getDiskMib(), amount.getGpus());
            byRole.put(role, one);
            sums[0] += one.cpusMilli();
            sums[1] += one.memMib();
            sums[2] += one.diskMib();
            sums[3] += one.gpus();
        });
        require(sums[0] <= total.cpusMilli() && sums[1] <= total.memMib()
                && sums[2] <= total.diskMib() && sums[3] <= total.gpus(),
                "more is reserved than it has");
        return byRole;
    }

    private static List<PortRange> ports(Register register) {
        require(register.getPortsCount() <= PORT_RANGES_MAX,
                "there are more than 1000 port ranges");
        List<PortRange> ports = new ArrayList<>();
        register.getPortsList()
                .forEach(range -> ports.add(new PortRange(range.getFirst(), range.getLast())));
        ports.sort(Comparator.comparingInt(PortRange::first));
        for (int i = 1; i < ports.size(); i++) {
            require(ports.get(i - 1).last() < ports.get(i).first(),
                    "port ranges overlap at port " + ports.get(i).first());
        }
        return ports;
    }

    private static int runtimes(Register register) {
        int mask = 0;
        for (var runtime : register.getRuntimesList()) {
            mask |= switch (runtime) {
                case PROCESS -> RuntimeKind.PROCESS.bit();
                case DOCKER -> RuntimeKind.DOCKER.bit();
                // A newer agent's runtime: nothing is placed on it yet.
                case RUNTIME_UNSPECIFIED, UNRECOGNIZED -> 0;
            };
        }
        require(mask != 0, "it names no runtime known to this master");
        return mask;
    }

    private static void name(String what, String value, int lengthMin) {
        text(what, value, lengthMin, NAME_LENGTH_MAX);
    }

    private static void text(String what, String value, int lengthMin, int lengthMax) {
        require(value.length() >= lengthMin, what + " is empty");
        require(value.length() <= lengthMax,
                what + " is longer than " + lengthMax + " characters");
        require(value.chars().noneMatch(Character::isISOControl),
                what + " contains control characters");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static String shown(String text) {
        String cut = text.length() <= 64 ? text : text.substring(0, 64) + "...";
        return CONTROL.matcher(cut).replaceAll("?");
    }
}
