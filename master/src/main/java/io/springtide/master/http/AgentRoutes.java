package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Upkeep;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Restoration;
import io.springtide.master.agents.AgentsPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code /tide/v1/agents}: the machines, what they have, and who has taken what of it. */
final class AgentRoutes implements Routes {

    private static final double MILLI = 1_000;

    /** Amounts of resources. */
    private record Amounts(double cpus, long memMib, long diskMib, double gpus) {

        boolean none() {
            return cpus <= 0 && memMib <= 0 && diskMib <= 0 && gpus <= 0;
        }
    }

    /**
     * An agent, free of the state it was read from.
     *
     * @param used what is not best effort has taken
     * @param over by how much more is taken than it has
     * @param measured what is really used by what is not best effort; below 0 = not known
     * @param bestEffort what best-effort instances ask for
     */
    private record AgentView(AgentSpec spec, AgentCondition condition, Amounts used, Amounts over,
            Amounts measured, Amounts bestEffort, int tasks, Upkeep upkeep,
            List<DrainView> drain, Optional<Restoration.Comparison> restored) {}

    @Override
    public Optional<Resource> resource(List<String> path) {
        return path.equals(List.of("tide", "v1", "agents"))
                ? Resource.at("/tide/v1/agents").leaderOnly().get(AgentRoutes::agents).found()
                : Optional.empty();
    }

    private static void agents(Exchange x) {
        List<AgentView> views = x.backend().view().read(AgentRoutes::agents);
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("agents");
        for (AgentView view : views) {
            put(list.addObject(), view, x.backend().agents());
        }
        x.json(200, body);
    }

    private static List<AgentView> agents(ClusterState state) {
        AgentTable table = state.agents();
        List<AgentView> views = new ArrayList<>(table.size());
        for (int row = 0; row < table.rows(); row++) {
            if (table.present(row)) {
                views.add(view(state, row));
            }
        }
        return views;
    }

    private static AgentView view(ClusterState state, int row) {
        AgentTable table = state.agents();
        Resources total = table.spec(row).resources();
        long cpusFree = table.cpusFreeMilli()[row];
        long memFree = table.memFreeMib()[row];
        long diskFree = table.diskFreeMib()[row];
        int gpusFreeMilli = 0;
        int gpusOverMilli = 0;
        for (int gpu = 0; gpu < AgentSpec.GPUS_MAX; gpu++) {
            int free = table.gpuFreeMilli()[row * AgentSpec.GPUS_MAX + gpu];
            gpusFreeMilli += Math.max(0, free);
            gpusOverMilli += Math.max(0, -free);
        }
        double gpusUsed = total.gpus() - (gpusFreeMilli - gpusOverMilli) / MILLI;
        return new AgentView(table.spec(row), table.condition(row),
                new Amounts((total.cpusMilli() - cpusFree) / MILLI, total.memMib() - memFree,
                        total.diskMib() - diskFree, gpusUsed),
                new Amounts(Math.max(0, -cpusFree) / MILLI, Math.max(0, -memFree),
                        Math.max(0, -diskFree), gpusOverMilli / MILLI),
                new Amounts(table.cpusUsedMilli()[row] / MILLI, table.memUsedMib()[row], 0, 0),
                new Amounts(table.cpusOnSlackMilli()[row] / MILLI, table.memOnSlackMib()[row], 0,
                        0),
                table.instances(row).size(), table.marks().upkeep(row),
                table.marks().draining(row) ? DrainView.of(table, row) : List.of(),
                Optional.ofNullable(state.restoration().compared().get(row)));
    }

    /** One agent; empty if there is none of this name. */
    static Optional<ObjectNode> one(Exchange x, AgentId id) {
        Optional<AgentView> view = x.backend().view().read(state -> {
            OptionalInt row = state.agents().rowOf(id);
            return row.isEmpty()
                    ? Optional.empty()
                    : Optional.of(view(state, row.getAsInt()));
        });
        return view.map(one -> {
            ObjectNode node = Json.object();
            put(node, one, x.backend().agents());
            return node;
        });
    }

    private static void put(ObjectNode node, AgentView view, AgentsPort port) {
        AgentSpec spec = view.spec();
        node.put("id", spec.id().name()).put("hostname", spec.hostname())
                .put("region", spec.region()).put("site", spec.site()).put("rack", spec.rack())
                .put("state", ClusterCounts.word(view.condition()));
        Upkeep upkeep = view.upkeep();
        node.put("mode", DrainView.word(upkeep.mode()));
        if (upkeep.mode() != Upkeep.Mode.OPEN) {
            node.put("modeSince", Timestamps.format(upkeep.sinceMs()));
        }
        if (upkeep.mode() == Upkeep.Mode.DRAINING) {
            DrainView.put(node.putObject("drain"), upkeep, view.tasks(), view.drain());
        }
        view.restored().ifPresent(one -> node.putObject("restore").put("unknown", one.unknown())
                .put("missing", one.missing().size()));
        ObjectNode attributes = node.putObject("attributes");
        spec.attributes().forEach(attributes::put);
        put(node.putObject("resources"), amounts(spec.resources()));
        put(node.putObject("used"), view.used());
        if (!view.over().none()) {
            put(node.putObject("overcommitted"), view.over());
        }
        if (!spec.reservations().isEmpty()) {
            ObjectNode reservations = node.putObject("reservations");
            spec.reservations()
                    .forEach((role, amount) -> put(reservations.putObject(role), amounts(amount)));
        }
        if (view.measured().cpus() >= 0) {
            node.putObject("measured").put("cpus", view.measured().cpus()).put("mem",
                    view.measured().memMib());
        }
        if (!view.bestEffort().none()) {
            node.putObject("bestEffort").put("cpus", view.bestEffort().cpus()).put("mem",
                    view.bestEffort().memMib());
        }
        node.put("tasks", view.tasks());
        ArrayNode runtimes = node.putArray("runtimes");
        for (RuntimeKind kind : RuntimeKind.values()) {
            if ((spec.runtimesMask() & kind.bit()) != 0) {
                runtimes.add(kind.name().toLowerCase(Locale.ROOT));
            }
        }
        Optional<AgentsPort.Contact> contact = port.contact(spec.id());
        node.put("connected", contact.map(AgentsPort.Contact::connected).orElse(false));
        contact.ifPresent(one -> node.put("version", one.version()).put("lastHeardMsAgo",
                one.heardMsAgo()));
    }

    private static Amounts amounts(Resources one) {
        return new Amounts(one.cpusMilli() / MILLI, one.memMib(), one.diskMib(), one.gpus());
    }

    private static void put(ObjectNode node, Amounts amounts) {
        node.put("cpus", amounts.cpus()).put("mem", amounts.memMib()).put("disk",
                amounts.diskMib());
        if (amounts.gpus() == Math.rint(amounts.gpus())) {
            node.put("gpus", (long) amounts.gpus());
        } else {
            node.put("gpus", amounts.gpus());
        }
    }
}
