package io.springtide.cli.demo;

import io.springtide.cli.cluster.LocalSettings;

/** Which agent dies. */
final class Lost {
    static final int NUMBER = 2;

    private Lost() {}

    /** Its name as tasks carry it. @throws DemoException if no task runs on such an agent */
    static String agentOf(Stage stage) {
        String name = LocalSettings.agentName(NUMBER);
        for (Seen task : stage.seen().values()) {
            if (task.agent().equals(name)) {
                return name;
            }
        }
        throw new DemoException(
                "no instance runs on " + name + ": the burst was not spread over the agents");
    }
}
