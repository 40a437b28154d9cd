package io.springtide.cli.demo;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A small web app is submitted, and answers. */
final class RunApp implements Step {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String title() {
        return "run an app with " + Stage.INSTANCES_FIRST + " instances";
    }

    @Override
    public String run(Stage stage) {
        stage.client().post("/v2/apps", definition(stage));
        Growth growth = new Growth(stage);
        long tookMs = growth.await(Stage.INSTANCES_FIRST, PATIENCE);
        stage.awaitDeployed(PATIENCE);
        Map<String, Seen> healthy = stage.running();
        return healthy.size() + " running, " + stage.greetings().size() + " answer to GET / after "
                + tookMs + " ms";
    }

    static Json definition(Stage stage) {
        Json check = new JsonObject().with("protocol", "HTTP").with("path", "/health")
                .with("portIndex", 0)
                .with("delaySeconds", 0).with("gracePeriodSeconds", 20)
                .with("intervalSeconds", 3)
                .with("timeoutSeconds", 5)
                .with("maxConsecutiveFailures", 3).build();
        Json port = new JsonObject().with("port", 0).with("protocol", "tcp").with("name", "http")
                .build();
        return new JsonObject().with("id", Stage.APP)
                .with("cmd", "exec perl '" + stage.script().replace("'", "'\\''") + "'")
                .with("instances", Stage.INSTANCES_FIRST)
                .with("cpus", Json.number("0.1")).with("mem", 16)
                .with("env", new JsonObject()
                        .with(Stage.MARK, stage.cluster().settings().data().toString()).build())
                .with("portDefinitions", Json.array(List.of(port)))
                .with("healthChecks", Json.array(List.of(check))).build();
    }
}
