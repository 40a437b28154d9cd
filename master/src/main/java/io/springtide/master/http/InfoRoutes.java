package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.ServerSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What the server says of itself: {@code /ping}, {@code /v2/info}, {@code /v2/leader}, {@code /v2/plugins}. */
final class InfoRoutes implements Routes {

    /** The release whose API this is; clients switch features by it. */
    private static final String MARATHON_VERSION = "1.11.0";

    @Override
    public Optional<Resource> resource(List<String> path) {
        return switch (String.join("/", path)) {
            case "ping" -> Resource.at("/ping").anyType().get(x -> x.end(200,
                    "text/plain; charset=UTF-8", "pong".getBytes(StandardCharsets.UTF_8))).found();
            case "v2/info" -> Resource.at("/v2/info").get(InfoRoutes::info).found();
            case "v2/leader" -> Resource.at("/v2/leader").get(InfoRoutes::leader)
                    .delete(InfoRoutes::abdicate).found();
            case "v2/plugins" -> Resource.at("/v2/plugins").get(x -> {
                ObjectNode body = Json.object();
                body.putArray("plugins");
                x.json(200, body);
            }).found();
            default -> Optional.empty();
        };
    }

    private static void info(Exchange x) {
        Backend backend = x.backend();
        ObjectNode body = Json.object().put("name", "marathon").put("version", MARATHON_VERSION)
                .put("buildref", "springtide-" + backend.settings().version())
                .put("elected", backend.status().leads());
        String leader = backend.status().leaderAddress();
        if (!leader.isEmpty()) {
            body.put("leader", leader);
        }
        body.put("frameworkId", backend.clusterId());
        ObjectNode config = body.putObject("marathon_config");
        config.put("checkpoint", true).put("framework_name", "marathon").put("ha", false)
                .put("hostname", backend.settings().host())
                .put("local_port_min", 10_000).put("local_port_max", 20_000)
                .put("mesos_role", "*").put("task_launch_timeout", 300_000);
        config.putArray("features").add(ServerSettings.GPU_RESOURCES);
        body.putObject("zookeeper_config");
        body.putObject("http_config").put("http_port", x.request().localAddress() == null
                ? backend.settings().port()
                : x.request().localAddress().port());
        x.json(200, body);
    }

    private static void leader(Exchange x) {
        String leader = x.backend().status().leaderAddress();
        if (leader.isEmpty()) {
            throw Errors.refused(404, "There is no leader");
        }
        x.json(200, Json.object().put("leader", leader));
    }

    /** The answer is given first; the reign ends a moment later. */
    private static void abdicate(Exchange x) {
        if (!x.backend().status().abdicate()) {
            throw Errors.refused(409,
                    "This is the only master of its cluster: there is nobody to hand the"
                            + " leadership to. Stop the process to stop it.");
        }
        x.json(200, Json.object().put("message", "Leadership abdicated"));
    }
}
