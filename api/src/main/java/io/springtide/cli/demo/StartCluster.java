package io.springtide.cli.demo;

import java.time.Duration;

/** A cluster of processes of its own comes up. */
final class StartCluster implements Step {
    @Override
    public String title() {
        return "start a cluster";
    }

    @Override
    public String run(Stage stage) {
        stage.cluster().start();
        stage.cluster().awaitReady(Duration.ofSeconds(60), stage.narrator()::now);
        return "1 master, " + stage.cluster().settings().agents() + " agents in 2 sites, at "
                + stage.cluster().settings().url();
    }
}
