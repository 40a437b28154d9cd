package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.RoleDefinition;
import io.springtide.api.marathon.RoleDefinition.Amounts;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.RoleState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /tide/v1/roles}: what roles are entitled to, and what they hold. */
final class RoleRoutes implements Routes {

    private static final String[] NAMES = {"cpus", "mem", "disk", "gpus"};
    private static final long MILLI = 1_000;

    /** What a limit of none in whole GPUs looks like; a number of GPUs has fewer digits than others. */
    private static final int GPUS_UNLIMITED = Integer.MAX_VALUE;

    /** In thousandths of processors and of GPUs, and MiB; in the order of {@link #NAMES}. */
    private record Held(RoleSpec spec, boolean configured, int instances, long cpusMilli,
            long memMib, long diskMib, long gpuMilli, double share, String shareOf) {}

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "tide", "v1") || path.size() < 3
                || !path.get(2).equals("roles")) {
            return Optional.empty();
        }
        if (path.size() == 3) {
            return Resource.at("/tide/v1/roles").get(RoleRoutes::list).found();
        }
        if (path.size() == 4) {
            String name = path.get(3);
            return Resource.at("/tide/v1/roles/{name}").get(x -> one(x, name))
                    .put(x -> configure(x, name)).delete(x -> remove(x, name)).found();
        }
        return Optional.empty();
    }

    private static void list(Exchange x) {
        List<Held> roles = x.backend().view().read(state -> {
            long[] total = total(state.agents());
            return state.roles().values().stream().map(role -> held(role, total)).toList();
        });
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("roles");
        roles.forEach(role -> list.add(json(role)));
        x.json(200, body);
    }

    private static void one(Exchange x, String name) {
        x.json(200, json(find(x, name).orElseThrow(() -> Errors.refused(404,
                "Role '" + name + "' is not configured, and no app uses it"))));
    }

    private static Optional<Held> find(Exchange x, String name) {
        return x.backend().view().read(state -> role(state, name));
    }

    private static Optional<Held> role(ClusterState state, String name) {
        return Optional.ofNullable(state.roles().get(name))
                .map(role -> held(role, total(state.agents())));
    }

    private static void configure(Exchange x, String name) {
        boolean sound = !name.isEmpty() && name.length() <= RoleSpec.NAME_LENGTH_MAX
                && !name.startsWith("-") && !name.equals(".") && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c <= ' ' || c == 0x7f);
        if (!sound) {
            throw Errors.notValid("/name", "must have 1 to 255 characters without blanks and"
                    + " slashes, and not begin with a dash");
        }
        RoleDefinition given = RoleDefinition.read(JsonInput.parse(x.body()));
        given.scorer().ifPresent(scorer -> PlacementRules.checkScorer("/scorer", scorer));
        RoleSpec spec;
        try {
            spec = new RoleSpec(name, given.weight(), guarantee(given.guarantee()),
                    limit(given.limit()), given.scorer());
        } catch (IllegalArgumentException beyondTheCore) {
            throw Errors.notValid("/", String.valueOf(beyondTheCore.getMessage()));
        }
        x.submit(new Command.ConfigureRole(spec), answer -> x.json(200, json(find(x, name)
                // Removed again by now: what was set is still the answer.
                .orElse(new Held(spec, true, 0, 0, 0, 0, 0, 0, "")))));
    }

    private static void remove(Exchange x, String name) {
        x.submit(new Command.RemoveRole(name), answer -> x.empty(204));
    }

    private static Resources guarantee(Amounts given) {
        return new Resources(Math.round(given.cpus().orElse(0) * MILLI), given.memMib().orElse(0),
                given.diskMib().orElse(0),
                (int) Math.min(given.gpus().orElse(0), GPUS_UNLIMITED));
    }

    private static Optional<Resources> limit(Amounts given) {
        if (given.equals(new Amounts(java.util.OptionalDouble.empty(), OptionalLong.empty(),
                OptionalLong.empty(), OptionalLong.empty()))) {
            return Optional.empty();
        }
        return Optional.of(new Resources(
                given.cpus().isPresent()
                        ? Math.round(given.cpus().getAsDouble() * MILLI)
                        : RoleSpec.UNLIMITED,
                given.memMib().orElse(RoleSpec.UNLIMITED),
                given.diskMib().orElse(RoleSpec.UNLIMITED),
                (int) Math.min(given.gpus().orElse(GPUS_UNLIMITED), GPUS_UNLIMITED)));
    }

    // ------------------------------------------------------------ what it holds

    /** Of the agents that are heard of. */
    private static long[] total(AgentTable agents) {
        long[] total = new long[NAMES.length];
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row) && agents.condition(row) == AgentCondition.LIVE) {
                Resources one = agents.spec(row).resources();
                total[0] += one.cpusMilli();
                total[1] += one.memMib();
                total[2] += one.diskMib();
                total[3] += one.gpus() * MILLI;
            }
        }
        return total;
    }

    private static Held held(RoleState role, long[] total) {
        long[] held = {role.cpusMilli(), role.memMib(), role.diskMib(), role.gpuMilli()};
        double share = 0;
        String shareOf = "";
        for (int i = 0; i < held.length; i++) {
            double part = total[i] == 0 ? 0 : (double) held[i] / total[i];
            if (part > share) {
                share = part;
                shareOf = NAMES[i];
            }
        }
        return new Held(role.spec(), role.configured(), role.instances(), held[0], held[1],
                held[2], held[3], share, shareOf);
    }

    private static ObjectNode json(Held held) {
        RoleSpec spec = held.spec();
        ObjectNode node = Json.object().put("name", spec.name())
                .put("configured", held.configured()).put("weight", spec.weight());
        Resources guarantee = spec.guarantee();
        put(node.putObject("guarantee"), guarantee);
        spec.limit().ifPresent(limit -> put(node.putObject("limit"), limit));
        spec.scorer().ifPresent(scorer -> node.put("scorer", scorer));
        node.putObject("used").put("cpus", held.cpusMilli() / 1_000.0).put("mem", held.memMib())
                .put("disk", held.diskMib()).put("gpus", held.gpuMilli() / 1_000.0);
        node.put("instances", held.instances()).put("dominantShare",
                Math.round(held.share() * 10_000) / 10_000.0);
        if (!held.shareOf().isEmpty()) {
            node.put("dominantResource", held.shareOf());
        }
        return node;
    }

    private static void put(ObjectNode node, Resources amounts) {
        if (amounts.cpusMilli() < RoleSpec.UNLIMITED) {
            node.put("cpus", amounts.cpusMilli() / 1_000.0);
        }
        List<Long> whole = new ArrayList<>(List.of(amounts.memMib(), amounts.diskMib(),
                amounts.gpus() == GPUS_UNLIMITED ? RoleSpec.UNLIMITED : (long) amounts.gpus()));
        for (int i = 0; i < whole.size(); i++) {
            if (whole.get(i) < RoleSpec.UNLIMITED) {
                node.put(NAMES[i + 1], whole.get(i));
            }
        }
    }
}
