package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.PortSet;
import io.springtide.core.state.Reservations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What agents have left that an app which waits could not use, in the shape of Mesos' offers. There are
 * no offers here: this is made up when somebody reads it.
 */
final class UnusedOffers {

    /** As many as Marathon remembers. */
    static final int OFFERS_MAX = 10;

    /** An agent's rest, free of the state it was read from. */
    record Offer(AgentSpec agent, long cpusMilli, long memMib, long diskMib, long gpus, int ports,
            List<String> reasons) {}

    private UnusedOffers() {}

    /** The first agents that are heard of and say no. */
    static List<Offer> of(ClusterState state, Waiting waiting) {
        AgentTable agents = state.agents();
        Shape shape = waiting.version().spec().shape();
        List<Offer> offers = new ArrayList<>();
        for (int row = 0; row < agents.rows() && offers.size() < OFFERS_MAX; row++) {
            if (agents.present(row) && agents.condition(row) == AgentCondition.LIVE) {
                offers.add(new Offer(agents.spec(row), Math.max(0, agents.cpusFreeMilli()[row]),
                        Math.max(0, agents.memFreeMib()[row]),
                        Math.max(0, agents.diskFreeMib()[row]),
                        Math.max(0, agents.gpusFree()[row]), agents.ports(row).free(),
                        reasons(agents, row, shape, waiting)));
            }
        }
        return offers;
    }

    /** All that is plain to see of it; else what the whole of the agents was refused for. */
    private static List<String> reasons(AgentTable agents, int row, Shape shape,
            Waiting waiting) {
        List<String> reasons = new ArrayList<>();
        Resources need = shape.resources();
        Rules rules = shape.rules();
        Optional<Reservations> reserved = agents.reservations(row);
        long cpus = agents.cpusFreeMilli()[row];
        long mem = agents.memFreeMib()[row];
        long disk = agents.diskFreeMib()[row];
        long gpus = agents.gpusFree()[row];
        boolean slack = rules.serviceClass() == ServiceClass.BEST_EFFORT;
        boolean forOthers = reserved.isPresent() && !slack
                && (reserved.get().cpusMilliOf(rules, cpus) < Math.min(cpus, need.cpusMilli())
                        || reserved.get().memMibOf(rules, mem) < Math.min(mem, need.memMib())
                        || reserved.get().diskMibOf(rules, disk) < Math.min(disk, need.diskMib())
                        || reserved.get().gpusOf(rules, gpus) < Math.min(gpus, need.gpus()));
        add(reasons, forOthers, "UnfulfilledRole");
        add(reasons, (agents.spec(row).runtimesMask() & shape.runtime().bit()) == 0,
                "UnfulfilledConstraint");
        add(reasons, !slack && cpus < need.cpusMilli(), "InsufficientCpus");
        add(reasons, !slack && mem < need.memMib(), "InsufficientMemory");
        add(reasons, disk < need.diskMib(), "InsufficientDisk");
        add(reasons, gpus < need.gpus(), "InsufficientGpus");
        add(reasons, !portsFree(agents.ports(row), shape.hostPorts()), "InsufficientPorts");
        return reasons.isEmpty() ? QueueRoutes.reasons(waiting.rejections()) : reasons;
    }

    private static boolean portsFree(PortSet ports, List<Integer> wanted) {
        return ports.free() >= wanted.size()
                && wanted.stream().allMatch(port -> port == 0 || ports.isFree(port));
    }

    private static void add(List<String> reasons, boolean holds, String reason) {
        if (holds) {
            reasons.add(reason);
        }
    }

    static void put(ArrayNode list, List<Offer> offers, long nowMs) {
        for (Offer offer : offers) {
            ObjectNode item = list.addObject();
            ObjectNode node = item.putObject("offer").put("id", offer.agent().id().name() + "-O1")
                    .put("hostname", offer.agent().hostname())
                    .put("agentId", offer.agent().id().name());
            ArrayNode resources = node.putArray("resources");
            resource(resources, "cpus").put("scalar", offer.cpusMilli() / 1_000.0);
            resource(resources, "mem").put("scalar", (double) offer.memMib());
            resource(resources, "disk").put("scalar", (double) offer.diskMib());
            resource(resources, "gpus").put("scalar", (double) offer.gpus());
            if (offer.ports() > 0) {
                ArrayNode ranges = resource(resources, "ports").putArray("ranges");
                offer.agent().ports().forEach(range -> ranges.addObject()
                        .put("begin", range.first()).put("end", range.last()));
            }
            ArrayNode attributes = node.putArray("attributes");
            offer.agent().attributes().forEach((name, value) -> attributes.addObject()
                    .put("name", name).put("text", value));
            ArrayNode reasons = item.putArray("reason");
            offer.reasons().forEach(reasons::add);
            item.put("timestamp", Timestamps.format(nowMs));
        }
    }

    private static ObjectNode resource(ArrayNode resources, String name) {
        return resources.addObject().put("name", name).put("role", Rules.ROLE_DEFAULT);
    }
}
