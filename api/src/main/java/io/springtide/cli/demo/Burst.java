package io.springtide.cli.demo;

import io.springtide.api.client.JsonObject;
import java.time.Duration;

/** The flood comes: from a handful to hundreds. */
final class Burst implements Step {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private final int burst;

    Burst(int burst) {
        this.burst = burst;
    }

    @Override
    public String title() {
        return "burst from " + Stage.INSTANCES_FIRST + " to " + burst;
    }

    @Override
    public String run(Stage stage) {
        long startNanos = System.nanoTime();
        stage.client().put("/v2/apps" + Stage.APP,
                new JsonObject().with("instances", burst).build());
        long putMs = (System.nanoTime() - startNanos) / 1_000_000;
        Growth growth = new Growth(stage);
        long answeringMs = putMs + growth.await(burst, PATIENCE);
        stage.awaitDeployed(PATIENCE);
        return "last one RUNNING after " + (putMs + growth.allRunningMs())
                + " ms, last one answering after "
                + answeringMs + " ms";
    }
}
