package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.master.nodes.NodesPort;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code /tide/v1/nodes}: the machines that were ordered, and why. Only the leader knows them. */
final class NodesRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        return path.equals(List.of("tide", "v1", "nodes"))
                ? Resource.at("/tide/v1/nodes").leaderOnly().get(NodesRoutes::all).found()
                : Optional.empty();
    }

    private static void all(Exchange x) {
        ObjectNode body = Json.object();
        ArrayNode pools = body.putArray("pools");
        x.backend().nodes().pools().forEach(pool -> put(pools.addObject(), pool));
        x.json(200, body);
    }

    private static void put(ObjectNode out, NodesPort.PoolPicture pool) {
        out.put("name", pool.name()).put("adapter", pool.adapter()).put("min", pool.min())
                .put("max", pool.max());
        if (pool.decidedMs() != 0) {
            out.put("decision", pool.decision()).put("decidedAt",
                    Timestamps.format(pool.decidedMs()));
        }
        pool.trouble().ifPresent(sentence -> out.put("trouble", sentence).put("troubledSince",
                Timestamps.format(pool.troubledSinceMs())));
        ArrayNode machines = out.putArray("machines");
        pool.machines().forEach(one -> machines.addObject().put("token", one.token())
                .put("id", one.id()).put("address", one.address()).put("agent", one.agent())
                .put("state", one.state().name().toLowerCase(Locale.ROOT))
                .put("since", Timestamps.format(one.sinceMs())).put("why", one.why()));
    }
}
