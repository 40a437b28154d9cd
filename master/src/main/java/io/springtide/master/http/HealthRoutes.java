package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.master.MasterStatus;
import java.util.List;
import java.util.Optional;

/**
 * {@code /health}: what a load balancer or an init system asks. {@code live} says that the process
 * answers, {@code ready} that requests may be sent to it, {@code leader} that it leads.
 */
final class HealthRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        return switch (String.join("/", path)) {
            case "health/live" -> Resource.at("/health/live").anyType()
                    .get(x -> answer(x, true)).found();
            case "health/ready" -> Resource.at("/health/ready").anyType()
                    .get(x -> answer(x, x.backend().status().ready())).found();
            case "health/leader" -> Resource.at("/health/leader").anyType()
                    .get(x -> answer(x, x.backend().status().leads())).found();
            default -> Optional.empty();
        };
    }

    private static void answer(Exchange x, boolean good) {
        MasterStatus status = x.backend().status();
        ObjectNode body = Json.object().put("leads", status.leads())
                .put("leader", status.leaderAddress()).put("position", status.position())
                .put("staleMs", status.staleMs());
        x.json(good ? 200 : 503, body);
    }
}
