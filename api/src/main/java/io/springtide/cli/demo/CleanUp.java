package io.springtide.cli.demo;

import io.springtide.cli.cluster.Processes;
import java.time.Duration;
import java.util.List;

/** The app is removed, the cluster is stopped, and nothing is left. */
final class CleanUp implements Step {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String title() {
        return "clean up";
    }

    @Override
    public String run(Stage stage) {
        stage.client().delete("/v2/apps" + Stage.APP);
        stage.await(PATIENCE, () -> {
            int left = stage.processes().size();
            stage.narrator().now(left + " instances left");
            return left == 0;
        }, () -> stage.processes().size() + " instances outlive their app");
        stage.narrator().now("stopping agents and master");
        stage.cluster().stop();
        List<Long> left = Processes.tasksUnder(stage.cluster().settings().data());
        if (!left.isEmpty() || !stage.processes().isEmpty()) {
            throw new DemoException("processes are left: " + left + " " + stage.processes());
        }
        return "app removed, cluster stopped, no process left";
    }
}
