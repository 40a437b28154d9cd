package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Command;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Restoration;
import java.util.List;
import java.util.Optional;

/** {@code /tide/v1/restore}: a cluster that came out of a backup, and whether it waits for a person. */
final class RestoreRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (path.equals(List.of("tide", "v1", "restore"))) {
            return Resource.at("/tide/v1/restore").get(RestoreRoutes::show).found();
        }
        if (path.equals(List.of("tide", "v1", "restore", "confirm"))) {
            return Resource.at("/tide/v1/restore/confirm").post(RestoreRoutes::confirm).found();
        }
        return Optional.empty();
    }

    /** Instances that agents have come with and the state does not know. */
    static long unknown(Restoration restoration) {
        return restoration.compared().values().stream()
                .mapToLong(Restoration.Comparison::unknown).sum();
    }

    /** Instances that the state knows and agents have come without. */
    static long missing(Restoration restoration) {
        return restoration.compared().values().stream()
                .mapToLong(comparison -> comparison.missing().size()).sum();
    }

    private static void show(Exchange x) {
        x.json(200, x.backend().view().read(RestoreRoutes::json));
    }

    private static void confirm(Exchange x) {
        x.submit(new Command.ConfirmRestore(), answer -> show(x));
    }

    private static ObjectNode json(ClusterState state) {
        Restoration restoration = state.restoration();
        ObjectNode body = Json.object().put("waiting", restoration.held());
        if (!restoration.held()) {
            return body;
        }
        body.put("since", Timestamps.format(restoration.heldMs()))
                .put("backup", Timestamps.format(restoration.backupMs()))
                .put("unknown", unknown(restoration)).put("missing", missing(restoration));
        ArrayNode agents = body.putArray("agents");
        AgentTable table = state.agents();
        for (int row = 0; row < table.rows(); row++) {
            if (table.present(row)) {
                Optional<Restoration.Comparison> brought = Optional
                        .ofNullable(restoration.compared().get(row));
                ObjectNode agent = agents.addObject().put("id", table.spec(row).id().name())
                        .put("state", ClusterCounts.word(table.condition(row)))
                        .put("compared", brought.isPresent());
                brought.ifPresent(one -> agent.put("unknown", one.unknown()).put("missing",
                        one.missing().size()));
            }
        }
        return body;
    }
}
